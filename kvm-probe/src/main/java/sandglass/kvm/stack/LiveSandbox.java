package sandglass.kvm.stack;

import java.util.Map;
import sandglass.kvm.measure.Footprint;
import sandglass.scenario.Phase;

/** A real sandbox. Every verb blocks the calling thread, one at a time, though not always the same. */
public interface LiveSandbox extends AutoCloseable {

    /** How long each phase of its making took, ns. */
    Map<Phase, Long> startNs();

    /**
     * Runs a function.
     *
     * @param source Python with {@code def handler(event, etl)}
     * @param event  JSON
     */
    Call call(String source, String event);

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
