package sandglass.model;

import sandglass.scenario.Server;

/** Where the time of a {@link Stage} passes on this host. */
enum Place {
    /** Nowhere: it passes whatever else happens. Computation on a host with unlimited cores is here too. */
    ELAPSE,
    /** The host's cores. */
    CORES,
    /** A core that a guest kernel schedules within what the host gives it. */
    GUEST,
    CREATION_LOCK,
    /** A {@link Mutex}, held over all that one sandbox does there in a row. */
    CREATION_MUTEX,
    /** Another, which the holder of the mutex of creations needs as well. */
    ADDRESS_SPACE,
    DISK,
    LINK,
    /** A {@link GracePeriod}. */
    GRACE_PERIOD,
    /** A moment: it takes no time, and everything before it must be over. */
    INSTANT,
    /** Several places at once. */
    FORK,
    /** No time passes: something is noted. */
    MARK;

    /** Whether it serves one after the other, so that two demands of one sandbox are not one long demand: another may come between. */
    boolean serial() {
        return this == CREATION_LOCK || this == DISK || this == LINK || this == GRACE_PERIOD;
    }

    /** Where the time of a server is spent, if computation never waits or if it does. */
    static Place of(Server server, boolean unlimitedCores) {
        return switch (server) {
            case CPU -> unlimitedCores ? ELAPSE : CORES;
            case CREATION_LOCK -> CREATION_LOCK;
            case CREATION_MUTEX -> unlimitedCores ? CREATION_LOCK : CREATION_MUTEX;
            case ADDRESS_SPACE -> unlimitedCores ? ELAPSE : ADDRESS_SPACE;
            case DISK -> DISK;
            case LINK -> LINK;
            case GRACE_PERIOD -> GRACE_PERIOD;
            case DELAY -> ELAPSE;
        };
    }
}
