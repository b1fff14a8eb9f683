package sandglass.kvm.stack.vm;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sandglass.kvm.net.Gate;
import sandglass.kvm.net.PrivateNetwork;
import sandglass.kvm.stack.DocumentServer;
import sandglass.run.UnsupportedHereException;

/** Each machine has a tap device, in a network where only this program listens. */
final class TapNetwork implements GuestNetwork {

    private final PrivateNetwork network;
    private final Gate gate;
    private final Set<String> direct = ConcurrentHashMap.newKeySet();

    /** @throws UnsupportedHereException without the rights of root */
    TapNetwork(Set<String> allowedHosts) throws UnsupportedHereException {
        network = PrivateNetwork.open();
        gate = new Gate(network.listen(0), allowedHosts);
    }

    @Override
    public String name() {
        return "tap";
    }

    @Override
    public void reach(DocumentServer server) {
        server.serveAt(network.listen(server.port()));
        direct.add(server.hostAndPort());
    }

    @Override
    public List<String> prefix() {
        return network.prefix();
    }

    @Override
    public Attachment attach() {
        PrivateNetwork.Link link = network.tap();
        return new Attachment("tap,id=net,ifname=" + link.device() + ",script=no,downscript=no",
                Map.of("address", link.address(), "mask", PrivateNetwork.MASK, "gateway", PrivateNetwork.GATEWAY,
                        "gateway_hardware", PrivateNetwork.TAP_HARDWARE_ADDRESS),
                runner(gate.port(), direct), link::traffic, link::close);
    }

    /** How the runner reaches the world. */
    static List<String> runner(int port, Set<String> direct) {
        List<String> arguments = new java.util.ArrayList<>(List.of("gateway=" + PrivateNetwork.GATEWAY + ":" + port));
        direct.forEach(server -> arguments.add("direct=" + server));
        return arguments;
    }

    @Override
    public void close() {
        gate.close();
        network.close();
    }
}
