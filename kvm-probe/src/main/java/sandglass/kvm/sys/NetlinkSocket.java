package sandglass.kvm.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A route netlink socket (rtnetlink(7)). It belongs to the network namespace in which it was opened. For one thread at a time. */
public final class NetlinkSocket implements AutoCloseable {

    /** Longest datagram that is sent or received. */
    public static final int MAX_BYTES = 32 << 10;

    private static final long SYS_READ = 0;
    private static final long SYS_WRITE = 1;
    private static final long SYS_SOCKET = 41;
    private static final long AF_NETLINK = 16;
    private static final long SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final long NETLINK_ROUTE = 0;

    private final Fd fd;
    private final NativeBuffer buffer = NativeBuffer.ofSize(MAX_BYTES);

    private NetlinkSocket(Fd fd) {
        this.fd = fd;
    }

    /** Opens one in the namespace of the calling thread. */
    public static NetlinkSocket open() {
        return new NetlinkSocket(new Fd((int) Linux.call("socket", "netlink", SYS_SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE),
                "netlink socket"));
    }

    /** Sends one datagram to the kernel; it has acted on it when this returns. */
    public void send(ByteBuffer messages) {
        int length = messages.remaining();
        buffer.bytes().clear().put(messages);
        Linux.call("write", fd.toString(), SYS_WRITE, fd.number(), buffer.address(), length);
    }

    /** Receives one datagram, whose contents are valid until the next call; waits for it. */
    public ByteBuffer receive() {
        int length = (int) Linux.call("read", fd.toString(), SYS_READ, fd.number(), buffer.address(), MAX_BYTES);
        return buffer.bytes().duplicate().order(ByteOrder.nativeOrder()).clear().limit(length);
    }

    @Override
    public void close() {
        fd.close();
    }
}
