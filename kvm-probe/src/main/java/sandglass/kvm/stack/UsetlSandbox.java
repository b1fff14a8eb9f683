package sandglass.kvm.stack;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.measure.Smaps;
import sandglass.kvm.usf.ExitCounts;
import sandglass.kvm.usf.ExitKind;
import sandglass.kvm.usf.Invocation;
import sandglass.kvm.usf.Outcome;
import sandglass.kvm.usf.Recycling;
import sandglass.kvm.usf.Stop;
import sandglass.kvm.usf.Usf;
import sandglass.kvm.usf.UsfPool;
import sandglass.kvm.usf.call.SystemCallTable;
import sandglass.kvm.usf.file.Assignment;
import sandglass.kvm.vm.KvmStats;
import sandglass.scenario.Phase;

/** A unikernel, watched by KVM's own counters. */
final class UsetlSandbox implements LiveSandbox {

    private final Usf usf;
    private final UsfPool pool;
    private final SystemCallTable systemCalls;
    private final UsetlStack stack;
    private final long createNs;
    private final KvmStats counters;
    private KernelCounters counted;

    UsetlSandbox(Usf usf, UsfPool pool, SystemCallTable systemCalls, UsetlStack stack, long createNs) {
        this.stack = stack;
        this.usf = usf;
        this.pool = pool;
        this.systemCalls = systemCalls;
        this.createNs = createNs;
        this.counters = usf.counters();
        this.counted = KernelCounters.now(counters);
    }

    @Override
    public Map<Phase, Long> startNs() {
        return Map.of(Phase.CREATE, createNs);
    }

    @Override
    public Call call(String source, String event) {
        return call(source, event, Imports.NONE);
    }

    @Override
    public Call call(String source, String event, Imports imports) {
        Assignment assignment = stack.assignment(imports);
        Invocation invocation = usf.invoke(source, event, assignment);
        // Nothing runs between two calls, so that the last reading is still true; reading takes as long as a warm call.
        KernelCounters now = KernelCounters.now(counters);
        KernelCounters kernel = now.since(counted);
        counted = now;
        return new Call(ending(invocation.outcome()), invocation.log(), invocation.runNs(), byKind(invocation.exits()),
                invocation.exits().bySystemCall(systemCalls), kernel, nsByKind(invocation.exits()), Map.of());
    }

    @Override
    public Call warm() {
        Call call = call(DescribedWork.source(), DescribedWork.nothing());
        recycle();
        return call;
    }

    private static Call.Ending ending(Outcome outcome) {
        if (outcome instanceof Outcome.Result result) {
            return new Call.Ending.Returned(result.json());
        }
        if (outcome instanceof Outcome.Failed failed) {
            return new Call.Ending.Raised(failed.traceback());
        }
        if (outcome instanceof Outcome.Refused refused) {
            return new Call.Ending.Refused(refused.reason());
        }
        Stop reason = ((Outcome.Killed) outcome).reason();
        return new Call.Ending.Ended(reason instanceof Stop.OutOfTime ? RunnerLink.TIME_LIMIT : reason.toString());
    }

    private static Map<String, Integer> byKind(ExitCounts exits) {
        Map<String, Integer> counts = new TreeMap<>();
        for (ExitKind kind : ExitKind.values()) {
            if (exits.of(kind) > 0) {
                counts.put(name(kind), exits.of(kind));
            }
        }
        return counts;
    }

    private static Map<String, Long> nsByKind(ExitCounts exits) {
        Map<String, Long> ns = new TreeMap<>();
        for (ExitKind kind : ExitKind.values()) {
            if (exits.of(kind) > 0) {
                ns.put(name(kind), exits.nsOf(kind));
            }
        }
        return ns;
    }

    private static String name(ExitKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A unikernel runs on the thread of whoever calls it, and nowhere else. */
    @Override
    public long cpuNs() {
        return 0;
    }

    @Override
    public Cleanup recycle() {
        boolean runsBesides = usf.hasLargePages();
        Recycling recycling = pool.recycle(usf);
        if (runsBesides) {
            counted = KernelCounters.now(counters);
        }
        return new Cleanup(recycling.dirtyPages(), recycling.elapsedNs());
    }

    /** Of the guest's memory: the monitor's own structures and the kernel's are shared by all or not attributable. */
    @Override
    public Footprint footprint() {
        return Smaps.ofRange(usf.memory().address(), usf.memory().sizeBytes());
    }

    @Override
    public void close() {
        counters.close();
        usf.close();
    }
}
