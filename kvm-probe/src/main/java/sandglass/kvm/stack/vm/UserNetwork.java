package sandglass.kvm.stack.vm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sandglass.kvm.net.Gate;
import sandglass.kvm.net.PrivateNetwork;
import sandglass.kvm.net.Traffic;
import sandglass.kvm.stack.DocumentServer;
import sandglass.run.UnsupportedHereException;

/**
 * Where there is no tap, QEMU plays the other end of the wire itself (its user-mode network, cut off from everything) and starts a
 * program for each connection that a guest makes to the gateway. That costs the start of a Python and two copies more.
 */
final class UserNetwork implements GuestNetwork {

    private static final String RELAY = """
            import os, socket, sys, threading
            server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
            def forth():
                data = os.read(0, 1 << 16)
                while data:
                    server.sendall(data)
                    data = os.read(0, 1 << 16)
                server.shutdown(socket.SHUT_WR)
            threading.Thread(target=forth, daemon=True).start()
            data = server.recv(1 << 16)
            while data:
                while data:
                    data = data[os.write(1, data):]
                data = server.recv(1 << 16)
            """;
    private static final String NETWORK = "198.18.0.0/15";
    private static final String QEMU_ITSELF = "198.18.0.2";
    private static final String NAME_SERVER = "198.18.0.3";
    private static final String MACHINE = "198.19.0.1";
    private static final String LOOPBACK = "127.0.0.1";

    private final Path interpreter;
    private final Path relay;
    private final Gate gate;
    private final Set<String> direct = ConcurrentHashMap.newKeySet();
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    /** @param directory for the program that connections are relayed by */
    UserNetwork(Set<String> allowedHosts, Path interpreter, Path directory) throws UnsupportedHereException {
        this.interpreter = interpreter;
        relay = directory.resolve("relay.py");
        try {
            Files.writeString(relay, RELAY);
            gate = new Gate(ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), 0)), allowedHosts);
        } catch (IOException e) {
            throw new UnsupportedHereException("cannot set up user-mode networking: " + e, "make room in " + directory);
        }
        ports.add(gate.port());
    }

    @Override
    public String name() {
        return "user";
    }

    @Override
    public void reach(DocumentServer server) {
        ports.add(server.port());
        direct.add(server.hostAndPort());
    }

    @Override
    public List<String> prefix() {
        return List.of();
    }

    @Override
    public Attachment attach() {
        StringBuilder backend = new StringBuilder("user,id=net,restrict=on,ipv6=off,net=" + NETWORK + ",host=" + QEMU_ITSELF + ",dns="
                + NAME_SERVER + ",dhcpstart=" + MACHINE);
        for (int port : ports) {
            backend.append(",guestfwd=tcp:").append(PrivateNetwork.GATEWAY).append(':').append(port).append("-cmd:").append(interpreter)
                    .append(" -I -S -B ").append(relay).append(' ').append(LOOPBACK).append(' ').append(port);
        }
        return new Attachment(backend.toString(), Map.of("address", MACHINE, "mask", PrivateNetwork.MASK),
                TapNetwork.runner(gate.port(), direct), () -> Traffic.NONE, () -> { });
    }

    @Override
    public void close() {
        gate.close();
    }
}
