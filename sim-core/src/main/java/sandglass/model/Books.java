package sandglass.model;

import sandglass.result.Ledger;

/** Running totals of one run since measuring began. */
final class Books {

    private Ledger ledger = new Ledger();
    private double bytesCopied;
    private double coreNs;
    private long completed;

    Ledger ledger() {
        return ledger;
    }

    /** Books demand on the host's cores. */
    void core(long ns) {
        coreNs += ns;
    }

    void copied(double bytes) {
        bytesCopied += bytes;
    }

    void completed() {
        completed++;
    }

    double coreNs() {
        return coreNs;
    }

    double bytesCopied() {
        return bytesCopied;
    }

    long completedCount() {
        return completed;
    }

    /** Starts all totals anew: the warm-up is over. */
    void forget() {
        ledger = new Ledger();
        bytesCopied = 0;
        coreNs = 0;
        completed = 0;
    }
}
