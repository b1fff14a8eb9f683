package sandglass.kvm.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import sandglass.kvm.RequiresRoot;
import sandglass.kvm.sys.NetworkNamespace;

/** Oracle: the kernel's own tables of devices and routes in the namespaces, and what comes out of a socket. */
@RequiresRoot
class PrivateNetworkTest {

    private static List<String> table(NetworkNamespace namespace, String file) throws Exception {
        return namespace.inside(() -> Files.readAllLines(Path.of("/proc/thread-self/net", file)));
    }

    @Test
    void aSandboxReachesTheGatewayAndNothingElse() throws Exception {
        List<String> devicesBefore = Files.readAllLines(Path.of("/proc/thread-self/net/dev_mcast"));
        try (PrivateNetwork network = PrivateNetwork.open(); NetworkNamespace sandbox = NetworkNamespace.create();
                ServerSocketChannel listener = network.listen(0); PrivateNetwork.Link link = network.join(sandbox)) {
            assertThat(table(sandbox, "dev")).hasSize(4).anyMatch(line -> line.strip().startsWith("eth0:"));
            // Address of the gateway in the byte order of the network, read as a number of this machine.
            assertThat(table(sandbox, "route").stream().skip(1)).singleElement().asString().startsWith("eth0\t010012C6\t00000000")
                    .contains("FFFFFFFF");
            assertThat(link.address()).isEqualTo("198.19.0.1");
            assertThat(link.traffic()).isEqualTo(Traffic.NONE);
            try (SocketChannel client = sandbox.inside(() -> SocketChannel.open(new InetSocketAddress(PrivateNetwork.GATEWAY,
                    listener.socket().getLocalPort()))); SocketChannel served = listener.accept()) {
                client.write(ByteBuffer.wrap(new byte[1000]));
                ByteBuffer in = ByteBuffer.allocate(1000);
                while (in.hasRemaining()) {
                    served.read(in);
                }
            }
            Traffic traffic = link.traffic();
            // Opening takes three packets, the data one more in each direction; what TCP sends again on a busy host comes on top.
            assertThat(traffic.sentBytes()).isGreaterThanOrEqualTo(1000L);
            assertThat(traffic.sentPackets()).isGreaterThanOrEqualTo(3L);
            assertThat(traffic.receivedPackets()).isGreaterThanOrEqualTo(2L);
        }
        assertThat(Files.readAllLines(Path.of("/proc/thread-self/net/dev_mcast"))).isEqualTo(devicesBefore);
    }

    @Test
    void manySandboxesShareTheGatewaysAddress() throws Exception {
        try (PrivateNetwork network = PrivateNetwork.open(); ServerSocketChannel listener = network.listen(0);
                NetworkNamespace one = NetworkNamespace.create(); NetworkNamespace two = NetworkNamespace.create();
                PrivateNetwork.Link first = network.join(one); PrivateNetwork.Link second = network.join(two)) {
            assertThat(first.address()).isNotEqualTo(second.address());
            for (NetworkNamespace sandbox : List.of(one, two)) {
                sandbox.inside(() -> SocketChannel.open(new InetSocketAddress(PrivateNetwork.GATEWAY, listener.socket().getLocalPort()))).close();
                try (SocketChannel served = listener.accept()) {
                    assertThat(((InetSocketAddress) served.getRemoteAddress()).getHostString())
                            .isEqualTo(sandbox == one ? first.address() : second.address());
                }
            }
        }
    }
}
