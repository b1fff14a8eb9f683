package sandglass.kvm.leftovers;

/**
 * Something that outlives the process that made it. The name is what it is called on the host; what else its removal needs is
 * in the details of its entry, in the order given here.
 */
public enum Kind {
    /** A container of runc, by its id. Detail: runc's root directory. */
    CONTAINER,
    /**
     * A process, by the token in its environment ({@link Journal#TOKEN}), which its children inherit: so it is found before
     * its number is known, and no other process can be taken for it. {@link Entry#started} adds the number.
     */
    PROCESS,
    /** A tap device. */
    TAP,
    /** One end of a pair of virtual Ethernet devices; the other goes with it. */
    VETH,
    /** A named network namespace, as of {@code ip netns}. */
    NETNS,
    /** A mount, by its directory. */
    MOUNT,
    /** A control group, by its absolute directory; one entry for each hierarchy. */
    CGROUP,
    /** A directory with all that is in it, or a file, by its absolute path. */
    DIRECTORY,
    /**
     * A setting of the kernel, by its file. Details: the old value, what the file contains since this program set it, and what to write
     * before the old one unless a process of somebody else's has merged pages.
     */
    SETTING;

    /** Whether it is still there after the host has been restarted. */
    boolean outlivesHost() {
        return this == DIRECTORY;
    }

    /** Whether its name is of this program's choosing. */
    boolean isNamed() {
        return this != PROCESS && this != SETTING;
    }
}
