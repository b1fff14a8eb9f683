package sandglass.model;

import java.util.Arrays;
import sandglass.platform.Batches;
import sandglass.result.Ledger;
import sandglass.scenario.Phase;

/** Running totals of one run since measuring began. */
final class Books {

    private Ledger ledger = new Ledger();
    private double bytesCopied;
    private final double[] coreNsOf;
    private long completed;
    private double allCoreNs;
    private double coreNsBefore;
    private Batches each = new Batches();
    private boolean ended;
    private boolean cut;

    /** @param tenants how many there are */
    Books(int tenants) {
        coreNsOf = new double[tenants];
    }

    Ledger ledger() {
        return ledger;
    }

    /**
     * Whether switches made now belong into the ledger: of an invocation those from beginning to end if it arrived in the measured time, so that
     * their number hangs on no time; of other phases those that are made in it.
     */
    boolean counts(Phase phase, Walk walk) {
        boolean serves = phase == Phase.READY || phase == Phase.RUN;
        return !cut && (serves ? walk.countsInvocation() : !ended);
    }

    /** The measured time is over; {@code cutWork}: so is the counting of invocations under way. */
    void end(boolean cutWork) {
        ended = true;
        cut = cutWork;
    }

    /** Books demand on the host's cores on behalf of a tenant. */
    void core(int tenant, long ns) {
        coreNsOf[tenant] += ns;
        allCoreNs += ns;
    }

    void copied(double bytes) {
        bytesCopied += bytes;
    }

    void completed() {
        completed++;
        each.add(allCoreNs - coreNsBefore);
        coreNsBefore = allCoreNs;
    }

    double coreNs() {
        return Arrays.stream(coreNsOf).sum();
    }

    /** Demand on the host's cores by tenant, ns; not copied. */
    double[] coreNsOf() {
        return coreNsOf;
    }

    /** Demand from one completed invocation to the next, ns: means of batches. */
    double[] coreNsEach() {
        return each.means();
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
        allCoreNs = 0;
        coreNsBefore = 0;
        each = new Batches();
    }
}
