package sandglass.scenario;

/**
 * The machine.
 *
 * @param cores number of cores; {@link #UNLIMITED} means that computation never waits
 * @param memoryBytes memory for sandboxes; {@link Long#MAX_VALUE} means that it never runs out
 */
public record Host(int cores, long memoryBytes) {

    public static final int UNLIMITED = Integer.MAX_VALUE;

    public Host {
        if (cores < 1 || memoryBytes < 1) {
            throw new IllegalArgumentException("a host has at least one core and one byte");
        }
    }
}
