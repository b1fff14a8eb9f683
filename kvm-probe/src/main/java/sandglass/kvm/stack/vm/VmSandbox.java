package sandglass.kvm.stack.vm;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.measure.Smaps;
import sandglass.kvm.net.Traffic;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.RunnerLink;
import sandglass.kvm.stack.SandboxFailedException;
import sandglass.kvm.usf.Request;
import sandglass.scenario.Phase;

/** A virtual machine in which the runner waits for functions. */
final class VmSandbox implements LiveSandbox {

    private static final String INTERPRETER = "interpreter";
    private static final String KERNEL = "kernel";
    private static final String GO_ON = "reconnect";

    private final VmStack stack;
    private Map<String, Long> stepsNs;
    private MachineRoom.Made made;
    private RunnerLink link;
    private Optional<KvmCounters> counters;
    private boolean closed;

    /** @throws SandboxFailedException if it does not come to wait for functions; nothing of it is left then */
    VmSandbox(VmStack stack) {
        this.stack = stack;
        make();
        stack.born(this);
    }

    private void make() {
        try {
            made = stack.machine();
        } catch (QemuProcess.FailedException e) {
            throw new SandboxFailedException(e.reason(), e.log(), e);
        }
        long beginNs = stack.clockNs().getAsLong();
        QemuProcess qemu = made.machine().qemu();
        link = new RunnerLink(made.machine().out(), made.machine().in(), stack.killer(), qemu::kill);
        try {
            made.machine().tell(stack.order(made.attachment(), made.diskImage().isPresent()));
            if (!link.awaitReady(stack.readyLimitNs())) {
                throw qemu.failed("the guest's runner did not come to wait for a function");
            }
        } catch (QemuProcess.FailedException e) {
            made.remove();
            throw new SandboxFailedException(e.reason(), e.log(), e);
        }
        stepsNs = new LinkedHashMap<>(made.steps());
        stepsNs.put(GO_ON, stack.clockNs().getAsLong() - beginNs);
        counters = KvmCounters.of(qemu.pid());
    }

    @Override
    public Map<Phase, Long> startNs() {
        Map<Phase, Long> phases = new EnumMap<>(Phase.class);
        stepsNs.forEach((step, ns) -> phases.merge(switch (step) {
            case KERNEL -> Phase.BOOT;
            case INTERPRETER, GO_ON -> Phase.INIT;
            default -> Phase.CREATE;
        }, ns, Long::sum));
        return phases;
    }

    @Override
    public Map<String, Long> stepsNs() {
        return Map.copyOf(stepsNs);
    }

    @Override
    public Call call(String source, String event) {
        Traffic trafficBefore = made.attachment().traffic().get();
        KernelCounters before = counters.map(KvmCounters::now).orElse(KernelCounters.NONE);
        Call call = link.call(RunnerLink.request(source, event, stack.seed(Request.SEED_BYTES)), stack.config().timeLimit().toNanos(),
                stack.clockNs(), () -> "the virtual machine ended");
        if (!call.reusable()) {
            close();
            return call;
        }
        Traffic traffic = made.attachment().traffic().get().since(trafficBefore);
        Map<String, Long> counts = new TreeMap<>(Map.of("packets_received", traffic.receivedPackets(), "packets_sent",
                traffic.sentPackets(), "packet_bytes_received", traffic.receivedBytes(), "packet_bytes_sent", traffic.sentBytes()));
        if (counters.isEmpty()) {
            return call.withCounts(stack.hasTap() ? counts : Map.of());
        }
        KernelCounters kernel = counters.get().now().since(before);
        Map<String, Integer> exits = new HashMap<>(Map.of("port", (int) kernel.ioExits(), "mmio", (int) kernel.mmioExits(),
                "halt", (int) kernel.haltExits(), "interrupt", (int) kernel.interrupts()));
        return new Call(call.ending(), call.log(), call.runNs(), exits, Map.of(), kernel).withCounts(stack.hasTap() ? counts : Map.of());
    }

    /** A machine cannot be cleaned: it is ended and another one made, by the same way as the first. */
    @Override
    public Cleanup recycle() {
        long beginNs = stack.clockNs().getAsLong();
        made.remove();
        make();
        return new Cleanup(-1, stack.clockNs().getAsLong() - beginNs);
    }

    /** Of QEMU, which holds the guest's memory. */
    @Override
    public Footprint footprint() {
        return Smaps.ofProcess(made.machine().qemu().pid());
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            made.remove();
            stack.gone(this);
        }
    }
}
