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
import sandglass.kvm.vm.KvmStats;
import sandglass.scenario.Phase;

/** A unikernel, watched by KVM's own counters. */
final class UsetlSandbox implements LiveSandbox {

    private static final String WARM_UP_FUNCTION = "def handler(event, etl):\n    return event + 1\n";

    private final Usf usf;
    private final UsfPool pool;
    private final SystemCallTable systemCalls;
    private final long createNs;
    private final KvmStats counters;

    UsetlSandbox(Usf usf, UsfPool pool, SystemCallTable systemCalls, long createNs) {
        this.usf = usf;
        this.pool = pool;
        this.systemCalls = systemCalls;
        this.createNs = createNs;
        this.counters = usf.counters();
    }

    @Override
    public Map<Phase, Long> startNs() {
        return Map.of(Phase.CREATE, createNs);
    }

    @Override
    public Call call(String source, String event) {
        KernelCounters before = KernelCounters.now(counters);
        Invocation invocation = usf.invoke(source, event);
        KernelCounters kernel = KernelCounters.now(counters).since(before);
        return new Call(ending(invocation.outcome()), invocation.log(), invocation.runNs(), byKind(invocation.exits()),
                invocation.exits().bySystemCall(systemCalls), kernel);
    }

    @Override
    public Call warm() {
        Call call = call(WARM_UP_FUNCTION, "1");
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
        return new Call.Ending.Ended(reason instanceof Stop.OutOfTime ? LiveProcess.TIME_LIMIT : reason.toString());
    }

    private static Map<String, Integer> byKind(ExitCounts exits) {
        Map<String, Integer> counts = new TreeMap<>();
        for (ExitKind kind : ExitKind.values()) {
            if (exits.of(kind) > 0) {
                counts.put(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), exits.of(kind));
            }
        }
        return counts;
    }

    @Override
    public Cleanup recycle() {
        Recycling recycling = pool.recycle(usf);
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
