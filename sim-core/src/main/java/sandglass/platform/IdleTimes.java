package sandglass.platform;

/**
 * The pauses of one pool: from the end of its last invocation under way to the next arrival, counted by the minute up
 * to a range, with the latest ones kept as they were (Shahrad et al., ATC 2020, section 4.2). Size does not grow with
 * their number.
 */
public final class IdleTimes {

    /** Width of one bin in ns. */
    public static final long BIN_NS = 60_000_000_000L;
    /** How many of the latest pauses are kept as they were. */
    public static final int RECENT = 32;

    private final int bins;
    private int[] counts;
    private long inBounds;
    private long outOfBounds;
    private double sumOfSquares;
    private long[] recent;

    /** @param rangeNs longer pauses are out of bounds */
    public IdleTimes(long rangeNs) {
        bins = Math.toIntExact((rangeNs + BIN_NS - 1) / BIN_NS);
    }

    /** Adds one pause in ns. */
    public void record(long idleNs) {
        if (counts == null) {
            counts = new int[bins];
            recent = new long[RECENT];
        }
        recent[(int) (count() % RECENT)] = idleNs;
        long bin = idleNs / BIN_NS;
        if (bin >= bins) {
            outOfBounds++;
            return;
        }
        sumOfSquares += 2.0 * counts[(int) bin] + 1;
        counts[(int) bin]++;
        inBounds++;
    }

    /** How many pauses were recorded. */
    public long count() {
        return inBounds + outOfBounds;
    }

    /** Share of the pauses that were out of bounds; zero if there are none. */
    public double outOfBoundsShare() {
        return count() == 0 ? 0 : (double) outOfBounds / count();
    }

    /**
     * Coefficient of variation of the bins' counts (population standard deviation over mean): high if the pauses gather
     * in few bins, zero if they are spread evenly or there are none.
     */
    public double variationOfBins() {
        return inBounds == 0 ? 0 : Math.sqrt(Math.max(0, bins * sumOfSquares / ((double) inBounds * inBounds) - 1));
    }

    /** First bin at or below which the share {@code p} of the pauses within bounds lies; there must be one. */
    public int binOfQuantile(double p) {
        long needed = Math.max(1, (long) Math.ceil(p * inBounds));
        long sum = 0;
        int bin = -1;
        while (sum < needed) {
            sum += counts[++bin];
        }
        return bin;
    }

    /** How many of the latest pauses are kept. */
    public int recentCount() {
        return (int) Math.min(RECENT, count());
    }

    /** The {@code i}-th of the latest pauses in ns, oldest first. */
    public long recentNs(int i) {
        return recent[(int) ((count() - recentCount() + i) % RECENT)];
    }
}
