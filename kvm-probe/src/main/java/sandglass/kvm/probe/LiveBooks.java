package sandglass.kvm.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.stack.Call;
import sandglass.platform.SampleCollector;
import sandglass.result.Guard;
import sandglass.result.Ledger;
import sandglass.result.LedgerEntry;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;

/** What calls cost in exits, added up over the measured time. Used by the timeline's thread only. */
final class LiveBooks {

    /** Each exit to the monitor makes KVM carry out at most the one instruction that caused it. */
    private static final double EMULATED_PER_RUN = 1;
    /** Exits whose reason no counter names, such as those for the guest's own exceptions, are few. */
    private static final double UNEXPLAINED_SHARE = 0.05;
    /** kvm_pvm is entered by SYSCALL itself, and again by the OUT in the stub; hardware only by the OUT. */
    private static final int PVM_EXITS = 2;

    private final int exitsEach;

    /**
     * What sandboxes took of the host's memory at one instant.
     *
     * @param footprints of some idle ones
     * @param drop       by how much the host's available memory fell since the start, bytes; negative if it rose
     * @param alive      how many there were
     */
    record Memory(List<Footprint> footprints, long drop, int alive) {
    }

    private Ledger ledger = new Ledger();
    private SampleCollector dirtyPages = new SampleCollector();
    private KernelCounters kernel = KernelCounters.NONE;
    private final Map<String, Long> counts = new TreeMap<>();
    private long cpuNs;
    private boolean cpuKnown = true;
    private boolean cut;
    private long ours;
    private long calls;
    private long runs;
    private long pending;
    private long errors;
    private String firstError = "";
    private boolean closed;

    /** @param backend of this host's KVM, as the fingerprint names it */
    LiveBooks(String backend) {
        exitsEach = backend.equals("pvm") ? PVM_EXITS : 1;
    }

    /** What was counted so far does not count. */
    void restart() {
        ledger = new Ledger();
        dirtyPages = new SampleCollector();
        kernel = KernelCounters.NONE;
        counts.clear();
        cpuNs = 0;
        ours = 0;
        pending = 0;
        calls = 0;
        runs = 0;
        errors = 0;
    }

    /**
     * The measured time has ended: what comes now, such as the end of every sandbox, does not count.
     *
     * @param cutWork whether invocations that arrived in it do not either; otherwise all their switches do
     */
    void close(boolean cutWork) {
        closed = true;
        cut = cutWork;
    }

    /**
     * A call has ended. Times are the monitor's: the kernel does not say how long its own part took.
     *
     * @param counted whether the ledger has it: of invocations those that arrived in the measured time, whenever they end
     */
    void add(Phase phase, Call call, boolean counted) {
        if (closed ? phase == Phase.RUN && counted && !cut : counted) {
            enter(phase, call);
        }
        if (closed) {
            return;
        }
        calls++;
        runs += phase == Phase.RUN ? 1 : 0;
        if (call.error() != null) {
            errors++;
            firstError = firstError.isEmpty() ? call.error().strip() : firstError;
        }
        call.exits().values().forEach(count -> ours += count);
        pending += call.exits().isEmpty() ? 0 : 1;
        kernel = kernel.plus(call.kernel());
        call.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
    }

    private void enter(Phase phase, Call call) {
        ledger.add(phase, ModeSwitch.READ_CALL, call.counts().getOrDefault("read_calls", 0L), 0);
        ledger.add(phase, ModeSwitch.WRITE_CALL, call.counts().getOrDefault("write_calls", 0L), 0);
        ledger.add(phase, ModeSwitch.PIO_EXIT, count(call, "system-call") + count(call, "port"), ns(call, "system-call") + ns(call, "port"));
        ledger.add(phase, ModeSwitch.MMIO_EXIT, count(call, "mmio"), ns(call, "mmio"));
        ledger.add(phase, ModeSwitch.HALT_EXIT, count(call, "exception"), ns(call, "exception"));
        ledger.add(phase, ModeSwitch.CONTEXT_SWITCH, call.counts().getOrDefault("voluntary_context_switches", 0L)
                + call.counts().getOrDefault("involuntary_context_switches", 0L), 0);
        ledger.add(phase, ModeSwitch.STAGE2_FAULT, call.kernel().faults(), 0);
        ledger.add(phase, ModeSwitch.INTERRUPT_EXIT, call.kernel().interrupts(), 0);
    }

    private static long count(Call call, String kind) {
        return call.exits().getOrDefault(kind, 0);
    }

    private static long ns(Call call, String kind) {
        return call.exitNs().getOrDefault(kind, 0L);
    }

    /** Core time that somebody spent for a sandbox, or -1 if nobody knows. */
    void cpu(long ns) {
        if (closed) {
            return;
        }
        cpuKnown &= ns >= 0;
        cpuNs += Math.max(0, ns);
    }

    /** Core time that was spent for all sandboxes, if it is known. */
    OptionalLong cpuNs() {
        return cpuKnown ? OptionalLong.of(cpuNs) : OptionalLong.empty();
    }

    /** What the host's kernel counted for the sandboxes during calls, by name. */
    Map<String, Long> counts() {
        return counts;
    }

    void dirty(long pages) {
        if (pages >= 0 && !closed) {
            dirtyPages.add(pages);
        }
    }

    SampleCollector dirtyPages() {
        return dirtyPages;
    }

    long errors() {
        return errors;
    }

    String firstError() {
        return firstError;
    }

    /** Kinds that never happened are left out. */
    List<LedgerEntry> entries() {
        return ledger.entries().stream().filter(entry -> entry.count() > 0).toList();
    }

    /** The checks by KVM's own counters; none without a guest. */
    List<Guard> guards() {
        List<Guard> guards = new ArrayList<>();
        if (kernel.exits() > 0 && ours > 0) {
            double emulated = (double) kernel.emulated() / ours;
            guards.add(new Guard("emulated_insn_per_run", emulated, EMULATED_PER_RUN, emulated <= EMULATED_PER_RUN));
            // The first of a call's exits, the read that takes the function in, was counted when the template was frozen.
            long explained = exitsEach * (ours - pending) + kernel.faults() + kernel.interrupts();
            double unexplained = Math.abs(kernel.exits() - explained) / (double) kernel.exits();
            guards.add(new Guard("unexplained_exit_share", unexplained, UNEXPLAINED_SHARE, unexplained <= UNEXPLAINED_SHARE));
        }
        return guards;
    }

    /** Calls that were invocations. */
    long runs() {
        return runs;
    }

    long calls() {
        return calls;
    }
}
