package sandglass.platform;

/** Which idle sandbox of a pool serves. */
public interface ReusePolicy {

    /** What a pool's idle sandboxes are sorted by, ascending. */
    enum Order {
        /** The time of their making. */
        CREATED,
        /** The time at which they became idle. */
        IDLE_SINCE
    }

    Order order();

    /** Index of the one to serve among {@code idle >= 1} sandboxes in that order. */
    int choose(int idle);
}
