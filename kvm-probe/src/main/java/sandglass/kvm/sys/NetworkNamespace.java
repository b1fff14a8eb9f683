package sandglass.kvm.sys;

/**
 * A network namespace (network_namespaces(7)): own devices, addresses, routes and ports. It lives as long as a process is in it or
 * somebody holds it by a descriptor such as this one, so one that nobody enters is gone with this process.
 *
 * @param fd closing it gives the namespace up
 */
public record NetworkNamespace(Fd fd) implements AutoCloseable {

    private static final long SYS_UNSHARE = 272;
    private static final long SYS_SETNS = 308;
    private static final long CLONE_NEWNET = 0x40000000L;
    private static final String OF_THIS_THREAD = "/proc/thread-self/ns/net";

    /** What to do in a namespace. */
    @FunctionalInterface
    public interface Action<T, E extends Exception> {
        /** Does it. It must start no thread, which would stay in the namespace. */
        T run() throws E;
    }

    /** The one in which the calling thread is. */
    public static NetworkNamespace current() {
        return new NetworkNamespace(Linux.open(OF_THIS_THREAD, Linux.Access.READ_ONLY));
    }

    /** The one in which a process is. */
    public static NetworkNamespace ofProcess(long pid) {
        return new NetworkNamespace(Linux.open("/proc/" + pid + "/ns/net", Linux.Access.READ_ONLY));
    }

    /**
     * Makes a new one, without any device that is up; the calling thread stays where it is.
     *
     * @throws SystemCallException EPERM without CAP_SYS_ADMIN
     */
    public static NetworkNamespace create() {
        try (NetworkNamespace home = current()) {
            Linux.call("unshare", "network namespace", SYS_UNSHARE, CLONE_NEWNET, 0, 0);
            try {
                return current();
            } finally {
                home.enter();
            }
        }
    }

    /** Does something with the calling thread in this namespace, and brings it back. */
    public <T, E extends Exception> T inside(Action<T, E> action) throws E {
        try (NetworkNamespace home = current()) {
            enter();
            try {
                return action.run();
            } finally {
                home.enter();
            }
        }
    }

    private void enter() {
        Linux.call("setns", fd.toString(), SYS_SETNS, fd.number(), CLONE_NEWNET, 0);
    }

    @Override
    public void close() {
        fd.close();
    }
}
