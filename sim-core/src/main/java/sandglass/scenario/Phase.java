package sandglass.scenario;

/** A stretch of a sandbox's life. A cold start is CREATE, BOOT and INIT; READY is the assignment of a function to a ready sandbox. */
public enum Phase {
    /** The host makes the boundary: process, namespaces, virtual machine. */
    CREATE,
    /** A guest kernel or unikernel starts; empty where there is none. */
    BOOT,
    /** The language runtime starts and imports its libraries. */
    INIT,
    /** A ready sandbox is assigned a function: code is placed and the sandbox is signalled. */
    READY,
    /** One invocation runs. */
    RUN,
    /** The sandbox is brought back to its ready state without residue. */
    RECYCLE,
    /** The sandbox is destroyed. */
    EVICT
}
