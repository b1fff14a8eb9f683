package sandglass.kvm.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.NativeBuffer;
import sandglass.kvm.sys.NetlinkSocket;
import sandglass.kvm.sys.NetworkNamespace;
import sandglass.kvm.sys.SystemCallException;
import sandglass.run.UnsupportedHereException;

/**
 * A network namespace of this program's own, in which the host's ends of all sandboxes' Ethernet pairs are. It has no way to the host's own
 * network, so a sandbox reaches exactly those sockets that this program opens here, at {@link #GATEWAY}. It is held by a descriptor
 * only: when this process ends in whatever way, the kernel takes it away with all pairs.
 *
 * <p>Safe for use by several threads.
 */
public final class PrivateNetwork implements AutoCloseable {

    /** The host's address, the same for all sandboxes; of the range for tests between networks (RFC 2544). */
    public static final String GATEWAY = "198.18.0.1";
    /** What a sandbox's device is called there. */
    public static final String DEVICE = "eth0";

    /** What covers the addresses of all sandboxes and the gateway. */
    public static final String MASK = "255.254.0.0";
    /** Hardware address of every virtual machine's device: each has a wire of its own. */
    public static final String MACHINE_HARDWARE_ADDRESS = "06:73:00:00:00:00";
    /** Hardware address of the host's end of every tap. */
    public static final String TAP_HARDWARE_ADDRESS = "02:73:00:00:00:00";

    private static final String HOST_DEVICE = "sg";
    private static final String TUN = "/dev/net/tun";
    private static final long TUNSETIFF = 0x400454CAL;
    private static final long TUNSETPERSIST = 0x400454CBL;
    private static final long TUNSETIFINDEX = 0x400454DAL;
    private static final int IFF_TAP_NO_INFORMATION_WITH_HEADERS = 0x0002 | 0x1000 | 0x4000;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int GATEWAY_NUMBER = 198 << 24 | 18 << 16 | 1;
    private static final int MOST_LINKS = 1 << 16;
    private static final int FIRST_INDEX = 16;
    private static final int HOST_BITS = 32;
    /** What the device of a sandbox is given as its number: the loopback device is 1. */
    private static final int DEVICE_INDEX = 2;
    private static final Path IPV6 = Path.of("/proc/sys/net/ipv6/conf/default/disable_ipv6");

    private static final int IFF_UP = 1;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_STATS64 = 23;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int LINK_BODY_BYTES = 16;
    private static final int ATTRIBUTE_BYTES = 4;
    private static final int TYPE_MASK = 0x3FFF;

    private final NetworkNamespace namespace;
    private final NetlinkSocket socket;
    private final BitSet used = new BitSet();
    private int lastNumber;

    private PrivateNetwork(NetworkNamespace namespace) {
        this.namespace = namespace;
        this.socket = namespace.inside(NetlinkSocket::open);
    }

    /**
     * Makes one.
     *
     * @throws UnsupportedHereException without the right to
     */
    public static PrivateNetwork open() throws UnsupportedHereException {
        NetworkNamespace namespace;
        try {
            namespace = NetworkNamespace.create();
        } catch (SystemCallException e) {
            throw new UnsupportedHereException("cannot make a network namespace: " + e.getMessage(), "run it as root");
        }
        try {
            namespace.inside(PrivateNetwork::withoutIpv6);
            PrivateNetwork network = new PrivateNetwork(namespace);
            new RouteMessages().request(RouteMessages.NEW_LINK, "lo").link(1, IFF_UP, IFF_UP).end().send(network.socket);
            return network;
        } catch (IOException e) {
            namespace.close();
            throw new UnsupportedHereException("cannot set up a network namespace: " + e, "run it as root, with /proc/sys writable");
        }
    }

    /** Else each device would announce itself by packets of its own, at times of its own. */
    private static Void withoutIpv6() throws IOException {
        if (Files.exists(IPV6)) {
            Files.writeString(IPV6, "1");
        }
        return null;
    }

    /** One pair, which goes with the sandbox's namespace, or one tap, which goes when this is closed. */
    public final class Link implements AutoCloseable {

        private final int number;
        private final boolean tap;

        private Link(int number, boolean tap) {
            this.number = number;
            this.tap = tap;
        }

        /** What the host's end is called in this network's namespace. */
        public String device() {
            return HOST_DEVICE + number;
        }

        /** The sandbox's address. */
        public String address() {
            int address = sandboxAddress(number);
            return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
        }

        /** What has gone through it so far; nothing if it is gone. */
        public Traffic traffic() {
            return trafficOf(number);
        }

        /** Takes a tap away and gives the number back; a pair goes with the sandbox. */
        @Override
        public void close() {
            synchronized (PrivateNetwork.this) {
                if (tap && used.get(number)) {
                    new RouteMessages().request(RouteMessages.DELETE_LINK, "tap").link(FIRST_INDEX + number, 0, 0).end().send(socket);
                }
                used.clear(number);
            }
        }
    }

    /**
     * Joins a sandbox's namespace to this one by a virtual Ethernet pair: device, addresses, the way to the gateway and nothing else, and
     * neighbours known for ever, so that only what the sandbox sends goes over it.
     *
     * @throws SystemCallException if the kernel refuses
     */
    public Link join(NetworkNamespace sandbox) {
        int number = take();
        try {
            sandbox.inside(PrivateNetwork::withoutIpv6);
            synchronized (this) {
                pair(number, sandbox);
            }
            try (NetlinkSocket inside = sandbox.inside(NetlinkSocket::open)) {
                RouteMessages messages = new RouteMessages();
                messages.request(RouteMessages.NEW_LINK, DEVICE).link(DEVICE_INDEX, IFF_UP, IFF_UP).end();
                messages.create(RouteMessages.NEW_ADDRESS, "address of the sandbox").address(DEVICE_INDEX, HOST_BITS)
                        .attribute(IFA_LOCAL, network(sandboxAddress(number))).attribute(IFA_ADDRESS, network(GATEWAY_NUMBER)).end();
                messages.create(RouteMessages.NEW_NEIGHBOUR, "gateway").neighbour(DEVICE_INDEX).attribute(NDA_DST, network(GATEWAY_NUMBER))
                        .attribute(NDA_LLADDR, hardwareAddress(number, true)).end();
                messages.send(inside);
            }
            return new Link(number, false);
        } catch (SystemCallException e) {
            new Link(number, false).close();
            throw e;
        } catch (IOException e) {
            new Link(number, false).close();
            throw new UncheckedIOException("cannot set up a sandbox's network", e);
        }
    }

    /**
     * Makes a tap for a virtual machine: whatever opens the device by its name, inside this network's namespace, has the other end of the
     * wire.
     *
     * @throws SystemCallException if the kernel refuses, for example because it has no tun module
     */
    public Link tap() {
        int number = take();
        try (Fd tun = namespace.inside(() -> Linux.open(TUN, Linux.Access.READ_WRITE))) {
            NativeBuffer index = NativeBuffer.ofSize(Integer.BYTES);
            index.bytes().putInt(0, FIRST_INDEX + number);
            Linux.ioctl("TUNSETIFINDEX", tun, TUNSETIFINDEX, index);
            NativeBuffer request = NativeBuffer.ofSize(IFREQ_BYTES);
            request.bytes().put(0, (HOST_DEVICE + number).getBytes(StandardCharsets.US_ASCII));
            request.bytes().putShort(IFREQ_FLAGS, (short) IFF_TAP_NO_INFORMATION_WITH_HEADERS);
            Linux.ioctl("TUNSETIFF", tun, TUNSETIFF, request);
            Linux.ioctl("TUNSETPERSIST", tun, TUNSETPERSIST, 1);
            RouteMessages messages = new RouteMessages();
            messages.request(RouteMessages.NEW_LINK, "tap").link(FIRST_INDEX + number, IFF_UP, IFF_UP)
                    .attribute(IFLA_ADDRESS, hardwareAddress(0, true)).end();
            host(messages, number, hardwareAddress(0, false));
            synchronized (this) {
                messages.send(socket);
            }
            return new Link(number, true);
        } catch (SystemCallException e) {
            synchronized (this) {
                used.clear(number);
            }
            throw e;
        }
    }

    /** Whoever is started by this prefix of a command is in this network. */
    public List<String> prefix() {
        return List.of("nsenter", "--net=/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.fd().number());
    }

    /** A number that no pair has had for long: the kernel may not have taken away the last one of this number yet. */
    private synchronized int take() {
        int number = used.nextClearBit(lastNumber % (MOST_LINKS - 1) + 1);
        number = number < MOST_LINKS ? number : used.nextClearBit(1);
        if (number >= MOST_LINKS) {
            throw new IllegalStateException("more than " + MOST_LINKS + " sandboxes in one network");
        }
        used.set(number);
        lastNumber = number;
        return number;
    }

    private void pair(int number, NetworkNamespace sandbox) {
        int index = FIRST_INDEX + number;
        RouteMessages messages = new RouteMessages();
        messages.create(RouteMessages.NEW_LINK, "virtual Ethernet pair").link(index, IFF_UP, IFF_UP)
                .attribute(IFLA_IFNAME, HOST_DEVICE + number).attribute(IFLA_ADDRESS, hardwareAddress(number, true));
        int info = messages.open(IFLA_LINKINFO);
        messages.attribute(IFLA_INFO_KIND, "veth");
        int data = messages.open(IFLA_INFO_DATA);
        int peer = messages.open(VETH_INFO_PEER);
        // It cannot be up yet: its other end is not there before the request is done.
        messages.link(DEVICE_INDEX, 0, 0).attribute(IFLA_IFNAME, DEVICE).attribute(IFLA_ADDRESS, hardwareAddress(number, false))
                .attribute(IFLA_NET_NS_FD, sandbox.fd().number());
        messages.close(peer).close(data).close(info).end();
        host(messages, number, hardwareAddress(number, false));
        messages.send(socket);
    }

    /** The host's end of a wire: its address, and who is at the other end. */
    private static void host(RouteMessages messages, int number, byte[] sandbox) {
        int index = FIRST_INDEX + number;
        messages.create(RouteMessages.NEW_ADDRESS, "address of the host").address(index, HOST_BITS)
                .attribute(IFA_LOCAL, network(GATEWAY_NUMBER)).attribute(IFA_ADDRESS, network(sandboxAddress(number))).end();
        messages.create(RouteMessages.NEW_NEIGHBOUR, "sandbox").neighbour(index).attribute(NDA_DST, network(sandboxAddress(number)))
                .attribute(NDA_LLADDR, sandbox).end();
    }

    private static int sandboxAddress(int number) {
        return GATEWAY_NUMBER + (1 << 16) + number - 1;
    }

    private static byte[] network(int address) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(address).array();
    }

    /** Locally administered; the host's and the sandbox's differ. */
    private static byte[] hardwareAddress(int number, boolean host) {
        return ByteBuffer.allocate(6).put((byte) (host ? 2 : 6)).put((byte) 's').putInt(number).array();
    }

    private synchronized Traffic trafficOf(int number) {
        Traffic[] found = {Traffic.NONE};
        try {
            new RouteMessages().request(RouteMessages.GET_LINK, "statistics").link(FIRST_INDEX + number, 0, 0).end()
                    .send(socket, (type, body) -> found[0] = statistics(body.position(LINK_BODY_BYTES)));
        } catch (SystemCallException e) {
            return Traffic.NONE;
        }
        return found[0];
    }

    /** struct rtnl_link_stats64 begins with packets and bytes, received and sent; by the host's end, so the other way round. */
    private static Traffic statistics(ByteBuffer attributes) {
        ByteBuffer in = attributes.slice().order(ByteOrder.nativeOrder());
        while (in.remaining() >= ATTRIBUTE_BYTES) {
            int at = in.position();
            int length = in.getShort(at) & 0xFFFF;
            if ((in.getShort(at + 2) & TYPE_MASK) == IFLA_STATS64) {
                int values = at + ATTRIBUTE_BYTES;
                return new Traffic(in.getLong(values + 8), in.getLong(values), in.getLong(values + 24), in.getLong(values + 16));
            }
            in.position(Math.min(in.limit(), at + Math.max(ATTRIBUTE_BYTES, (length + 3) / ATTRIBUTE_BYTES * ATTRIBUTE_BYTES)));
        }
        return Traffic.NONE;
    }

    /**
     * Opens a socket that sandboxes can connect to, and nobody else.
     *
     * @param port 0 for any free one
     */
    public ServerSocketChannel listen(int port) {
        try {
            return namespace.inside(() -> ServerSocketChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress("0.0.0.0", port)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen in the sandboxes' network", e);
        }
    }

    @Override
    public void close() {
        socket.close();
        namespace.close();
    }
}
