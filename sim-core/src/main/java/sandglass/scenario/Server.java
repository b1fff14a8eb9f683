package sandglass.scenario;

/** The contended resource at which a step or a hop spends its time. */
public enum Server {
    /** The host's cores. */
    CPU,
    /** The lock that lets one sandbox at a time be created (network namespaces, VM file descriptors). */
    CREATION_LOCK,
    DISK,
    LINK,
    /** No resource: the time passes whatever else happens. */
    DELAY
}
