package sandglass.platform;

/** What makes invocations arrive at a {@link Platform}. */
interface LoadDriver {

    /** Begins; the load's time zero is now. */
    void begin();

    /** Nothing arrives any more. */
    void stop();

    /** An invocation is over, done or rejected; {@code client} is the one it was sent by, or -1. */
    void answered(int client, boolean done);

    /** A sandbox became idle and was not needed at once. */
    void idle(Sandbox sandbox);

    /** A sandbox that was asked for without an invocation could not be made. */
    void refused();
}
