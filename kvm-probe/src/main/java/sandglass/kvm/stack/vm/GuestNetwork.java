package sandglass.kvm.stack.vm;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import sandglass.kvm.net.Traffic;
import sandglass.kvm.stack.DocumentServer;

/** How the network devices of a stack's machines are connected to the host. Safe for use by several threads. */
interface GuestNetwork extends AutoCloseable {

    /** {@code tap} or {@code user}, for results. */
    String name();

    /** Lets machines find a server of this process at its usual address; before the first is made. */
    void reach(DocumentServer server);

    /** What must stand before QEMU's command, so that it runs where its network is. */
    List<String> prefix();

    /** Connects one machine. */
    Attachment attach();

    @Override
    void close();

    /**
     * One machine's connection.
     *
     * @param backend   QEMU's option for it, with the id {@code net}
     * @param addresses what the guest's first program must set, by its keys; empty if there is nothing
     * @param runner    arguments of the runner
     * @param traffic   what the machine has sent and received so far
     * @param detach    undoes it, when the machine is gone
     */
    record Attachment(String backend, Map<String, String> addresses, List<String> runner, Supplier<Traffic> traffic,
            Runnable detach) {
    }
}
