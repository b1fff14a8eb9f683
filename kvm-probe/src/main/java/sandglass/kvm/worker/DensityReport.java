package sandglass.kvm.worker;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What it took to have many unikernels alive at once.
 *
 * @param points      in order of the number of unikernels
 * @param second      run times of one more function in each unikernel that was alive, ns
 * @param wrong       how many of those gave a wrong result
 * @param leftBytes   by how much available memory was below its start after all was closed
 * @param leftPids    worker processes that were still there then
 */
public record DensityReport(List<Point> points, Times second, int wrong, long leftBytes, List<Long> leftPids) {

    /**
     * The state with a number of unikernels alive.
     *
     * @param usfs       how many, each of which has run a function and been recycled
     * @param workers    in how many processes
     * @param elapsedNs  since the start, without the measuring
     * @param memory     what has been taken since the start, bytes by name of /proc/meminfo
     * @param pssBytes   proportional set size of all processes involved
     * @param othersBytes by how much that of all other processes has grown, in bytes; part of what is gone, but not taken by us
     * @param create     times of the newest clones, ns, pages of the write set populated
     * @param first      times of their first functions, ns
     */
    public record Point(int usfs, int workers, long elapsedNs, Map<String, Long> memory, long pssBytes, long othersBytes, Times create,
            Times first) {
    }

    /** A sample: its size, median, and 99th percentile, nearest rank. */
    public record Times(int n, long medianNs, long p99Ns) {

        static Times of(List<Long> samples) {
            long[] sorted = samples.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return sorted.length == 0 ? new Times(0, 0, 0)
                    : new Times(sorted.length, sorted[rank(sorted.length, 0.5)], sorted[rank(sorted.length, 0.99)]);
        }

        private static int rank(int n, double share) {
            return (int) Math.ceil(share * n) - 1;
        }
    }
}
