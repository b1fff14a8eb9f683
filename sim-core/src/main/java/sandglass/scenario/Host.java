package sandglass.scenario;

/**
 * The machine.
 *
 * @param cores number of cores; {@link #UNLIMITED} means that computation never waits
 * @param memoryBytes memory for sandboxes; {@link Long#MAX_VALUE} means that it never runs out
 * @param neighbours other programs of the host that compute without an end, each at most on one core
 */
public record Host(int cores, long memoryBytes, int neighbours) {

    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** A machine that nobody else uses. */
    public Host(int cores, long memoryBytes) {
        this(cores, memoryBytes, 0);
    }

    public Host {
        if (cores < 1 || memoryBytes < 1 || neighbours < 0) {
            throw new IllegalArgumentException("a host has at least one core and one byte, and not fewer than no neighbours");
        }
    }
}
