package sandglass.platform;

import sandglass.scenario.Phase;

/** What a {@link SandboxRuntime} reports; the platform implements it. */
public interface SandboxListener {

    /** A phase of a sandbox has ended after {@code ns}; comes before the verb's own report. */
    void phaseEnded(Sandbox sandbox, Phase phase, long ns);

    void started(Sandbox sandbox);

    /** The function's code begins now: READY is over. */
    void running(Sandbox sandbox, Invocation invocation);

    void completed(Sandbox sandbox, Invocation invocation);

    void recycled(Sandbox sandbox);

    void evicted(Sandbox sandbox);

    /** The sandbox was not made, since the host lacks memory for it; nothing is left of it. */
    void refused(Sandbox sandbox);

    /** The sandbox died in the middle of a verb; nothing is left of it. */
    void failed(Sandbox sandbox, String reason);
}
