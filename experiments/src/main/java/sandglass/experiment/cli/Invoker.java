package sandglass.experiment.cli;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.Imports;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.scenario.Phase;

/** Calls one function again and again in one sandbox, with a new one after each that had to be ended. */
final class Invoker {

    /**
     * One call with all that belongs to it.
     *
     * @param wallNs from asking for the sandbox (or for the call, where it was there) to the result
     * @param phases how long each phase took, ns; only those that happened
     * @param stepsNs how long the steps of making the sandbox took, ns, if it was made for this call
     * @param dirtyPages written by the call, or -1 if the stack cannot tell
     * @param footprint before cleaning up
     * @param recycleNs of cleaning up, or -1 if the sandbox was destroyed instead
     */
    record Line(Call call, long wallNs, Map<Phase, Long> phases, Map<String, Long> stepsNs, long dirtyPages, Footprint footprint, long recycleNs) {}

    /** Takes each line as it comes. */
    interface Sink {
        void take(Line line);

        /** Whether a call returned a result. */
        boolean isGood(Call call);

        void end();
    }

    private final LiveStack stack;
    private final LongSupplier clockNs;

    Invoker(LiveStack stack, LongSupplier clockNs) {
        this.stack = stack;
        this.clockNs = clockNs;
    }

    /** Whether all calls returned a result. */
    boolean run(String source, String event, Imports imports, int repeat, Sink sink) {
        boolean good = true;
        LiveSandbox sandbox = null;
        try {
            for (int i = 0; i < repeat; i++) {
                Map<Phase, Long> phases = new EnumMap<>(Phase.class);
                long beginNs = clockNs.getAsLong();
                Map<String, Long> stepsNs = Map.of();
                if (sandbox == null) {
                    sandbox = stack.create();
                    phases.putAll(sandbox.startNs());
                    stepsNs = sandbox.stepsNs();
                }
                Call call = sandbox.call(source, event, imports);
                long wallNs = clockNs.getAsLong() - beginNs;
                phases.put(Phase.RUN, call.runNs());
                good &= sink.isGood(call);
                Footprint footprint = call.reusable() ? sandbox.footprint() : Footprint.NONE;
                LiveSandbox.Cleanup cleanup = clean(sandbox, call, phases);
                sandbox = cleanup == null ? null : sandbox;
                sink.take(new Line(call, wallNs, phases, stepsNs, cleanup == null ? -1 : cleanup.dirtyPages(), footprint,
                        cleanup == null ? -1 : cleanup.elapsedNs()));
            }
        } finally {
            if (sandbox != null) {
                sandbox.close();
            }
        }
        sink.end();
        return good;
    }

    private LiveSandbox.Cleanup clean(LiveSandbox sandbox, Call call, Map<Phase, Long> phases) {
        if (call.reusable()) {
            LiveSandbox.Cleanup cleanup = sandbox.recycle();
            phases.put(Phase.RECYCLE, cleanup.elapsedNs());
            return cleanup;
        }
        long beginNs = clockNs.getAsLong();
        sandbox.close();
        phases.put(Phase.EVICT, clockNs.getAsLong() - beginNs);
        return null;
    }
}
