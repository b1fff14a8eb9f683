package sandglass.model;

import java.util.Arrays;
import sandglass.result.Ledger;

/** Running totals of one run since measuring began. */
final class Books {

    private Ledger ledger = new Ledger();
    private double bytesCopied;
    private final double[] coreNsOf;
    private long completed;

    /** @param tenants how many there are */
    Books(int tenants) {
        coreNsOf = new double[tenants];
    }

    Ledger ledger() {
        return ledger;
    }

    /** Books demand on the host's cores on behalf of a tenant. */
    void core(int tenant, long ns) {
        coreNsOf[tenant] += ns;
    }

    void copied(double bytes) {
        bytesCopied += bytes;
    }

    void completed() {
        completed++;
    }

    double coreNs() {
        return Arrays.stream(coreNsOf).sum();
    }

    /** Demand on the host's cores by tenant, ns; not copied. */
    double[] coreNsOf() {
        return coreNsOf;
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
        Arrays.fill(coreNsOf, 0);
        completed = 0;
    }
}
