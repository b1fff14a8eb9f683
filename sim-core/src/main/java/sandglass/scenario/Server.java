package sandglass.scenario;

/** The contended resource at which a step or a hop spends its time. */
public enum Server {
    /** The host's cores. */
    CPU,
    /** The lock that lets one sandbox at a time be created (network namespaces, VM file descriptors). */
    CREATION_LOCK,
    /** Such a lock, held while its holder computes on the host's cores: the others wait without computing. */
    CREATION_MUTEX,
    /**
     * The lock of the address space that all sandboxes lie in, held while its holder computes on the host's cores: whoever holds the mutex of
     * creations waits for it too, but those in line for that mutex are not before others here.
     */
    ADDRESS_SPACE,
    DISK,
    LINK,
    /** A wait of the kernel's for all cores (an RCU grace period), which all who come meanwhile share, and who comes soon after is spared. */
    GRACE_PERIOD,
    /** No resource: the time passes whatever else happens. */
    DELAY;

    /** Whether the time is that of a core. */
    public boolean computes() {
        return this == CPU || this == CREATION_MUTEX || this == ADDRESS_SPACE;
    }
}
