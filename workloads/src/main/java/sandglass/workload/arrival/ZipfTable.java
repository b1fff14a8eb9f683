package sandglass.workload.arrival;

/**
 * Zipf's law over the ranks 0 .. n-1: rank k has a probability proportional to {@code 1 / (k + 1)^s}; {@code s = 0}
 * makes all equal. Sampled by inversion with a guide table (Chen and Asau, AIIE Transactions 6(2), 1974): constant
 * expected time, and a larger draw never gives a smaller rank.
 */
final class ZipfTable {

    private final double[] cumulative;
    private final int[] guide;

    ZipfTable(int ranks, double exponent) {
        if (ranks < 1) {
            throw new IllegalArgumentException("Zipf's law needs at least one rank, was " + ranks);
        }
        cumulative = new double[ranks];
        double sum = 0;
        for (int k = 0; k < ranks; k++) {
            sum += Math.pow(k + 1.0, -exponent);
            cumulative[k] = sum;
        }
        for (int k = 0; k < ranks; k++) {
            cumulative[k] /= sum;
        }
        cumulative[ranks - 1] = 1;
        guide = new int[ranks];
        int rank = 0;
        for (int slot = 0; slot < ranks; slot++) {
            while (cumulative[rank] <= (double) slot / ranks) {
                rank++;
            }
            guide[slot] = rank;
        }
    }

    /** The rank below which a share {@code u} of all draws lies; {@code 0 < u < 1}. */
    int rank(double u) {
        int rank = guide[Math.min((int) (u * guide.length), guide.length - 1)];
        while (cumulative[rank] <= u) {
            rank++;
        }
        return rank;
    }
}
