package sandglass.kvm.stack;

import java.util.LinkedHashMap;
import java.util.Map;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.KernelCounters;
import sandglass.scenario.Phase;

/** A real sandbox. Every verb blocks the calling thread, one at a time, though not always the same. */
public interface LiveSandbox extends AutoCloseable {

    /** How long each phase of its making took, ns. */
    Map<Phase, Long> startNs();

    /** How long each named step of its making took, ns, in their order; empty where it was not looked at so closely. */
    default Map<String, Long> stepsNs() {
        Map<String, Long> all = new LinkedHashMap<>();
        steps().forEach((name, step) -> all.put(name, step.ns()));
        return all;
    }

    /** The same with core time, where that was looked at, too; once it is closed, the steps of its ending. */
    default Map<String, Step> steps() {
        return Map.of();
    }

    /**
     * A step of making or ending a sandbox.
     *
     * @param cpuNs core time of all that took part; right only while this program makes one sandbox at a time
     */
    record Step(long ns, long cpuNs) {
    }

    /**
     * Runs a function.
     *
     * @param source Python with {@code def handler(event, etl)}
     * @param event  JSON
     */
    Call call(String source, String event);

    /**
     * Runs a function that imports modules.
     *
     * @param imports what it may import, for this call
     */
    default Call call(String source, String event, Imports imports) {
        if (imports.isEmpty()) {
            return call(source, event);
        }
        return new Call(new Call.Ending.Refused("this stack has no modules for functions to import"), "", 0, Map.of(), Map.of(),
                KernelCounters.NONE);
    }

    /**
     * Touches what every function touches, so that the first one does not pay for it.
     *
     * @return the call that did it, or null where there is nothing to warm
     */
    default Call warm() {
        return null;
    }

    /** Brings it back to its ready state, as far as the stack can. */
    Cleanup recycle();

    /** What it takes of the host's memory now. */
    Footprint footprint();

    /**
     * Core time that it has used so far, ns, beside that of the threads that called its verbs; -1 if the stack cannot tell.
     */
    default long cpuNs() {
        return -1;
    }

    /** Destroys it. Nothing of it is left. */
    @Override
    void close();

    /**
     * What it took to clean up.
     *
     * @param dirtyPages that the function had written, or -1 if the stack cannot tell
     * @param elapsedNs  0 if the stack does not clean up
     */
    record Cleanup(long dirtyPages, long elapsedNs) {
    }
}
