package sandglass.kvm.worker;

/** A limit of this host is too low for what was asked; the message says which, how much is needed, and the remedy. */
public final class HostLimitException extends RuntimeException {

    private final String limit;
    private final String remedy;

    HostLimitException(String limit, long needed, long available, String remedy) {
        super(limit + " is " + available + " and " + needed + " are needed; " + remedy);
        this.limit = limit;
        this.remedy = remedy;
    }

    /** Its name: {@code vm.max_map_count}, {@code RLIMIT_NOFILE}, {@code MemAvailable}. */
    public String limit() {
        return limit;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }
}
