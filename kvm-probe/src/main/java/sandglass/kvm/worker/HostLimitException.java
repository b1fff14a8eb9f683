package sandglass.kvm.worker;

/** A limit of this host is too low for what was asked; the message says which, how much is needed, and the remedy. */
public final class HostLimitException extends RuntimeException {

    private final String limit;
    private final String shortage;
    private final String remedy;

    HostLimitException(String limit, long needed, long available, String remedy) {
        super(limit + " is " + available + " and " + needed + " are needed; " + remedy);
        this.limit = limit;
        this.shortage = limit + " is " + available + " and " + needed + " are needed";
        this.remedy = remedy;
    }

    /** Its name: {@code vm.max_map_count}, {@code RLIMIT_NOFILE}, {@code MemAvailable}. */
    public String limit() {
        return limit;
    }

    /** What there is and what is needed, without the remedy. */
    public String shortage() {
        return shortage;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }
}
