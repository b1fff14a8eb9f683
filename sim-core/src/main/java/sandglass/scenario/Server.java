package sandglass.scenario;

/** The contended resource at which a step or a hop spends its time. */
public enum Server {
    /** The host's cores. */
    CPU,
    /** The lock that lets one sandbox at a time be created (network namespaces, VM file descriptors). */
    CREATION_LOCK,
    DISK,
    LINK,
    /** A wait of the kernel's for all cores (an RCU grace period), which all who come meanwhile share, and who comes soon after is spared. */
    GRACE_PERIOD,
    /** No resource: the time passes whatever else happens. */
    DELAY
}
