package sandglass.workload.arrival;

import java.util.List;
import java.util.Map;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Function;
import sandglass.scenario.Streams;
import sandglass.workload.trace.MinuteCounts;

/**
 * Replays a trace that counts per minute: merges, minute by minute, the arrivals of the functions that have any, in
 * order of time, ties in order of the functions. Holds one pending arrival a function and allocates nothing per
 * arrival.
 */
final class MinuteReplay implements ArrivalProcess {

    /** A pending arrival is one long: time in the minute above, function below, so that comparing orders both. */
    private static final int FUNCTION_BITS = 27;
    private static final long FUNCTION_MASK = (1L << FUNCTION_BITS) - 1;

    private final ReplayPlan plan;
    private final MinuteCounts.Cursor cursor;
    private final MinutePlacement placement;
    private final ReplayClock clock;
    private final ReplayDurations durations;
    private final int[] left;
    private final long[] heap;
    private int pending;
    private int nextMinute;
    private long timeNs;
    private int function;
    private long serviceNs;

    MinuteReplay(ReplayPlan plan, MinuteCounts counts, Streams streams) {
        int functions = plan.functions().size();
        if (functions > FUNCTION_MASK) {
            throw new IllegalArgumentException("at most " + FUNCTION_MASK + " functions can be replayed, not "
                    + functions);
        }
        this.plan = plan;
        this.cursor = counts.cursor();
        this.placement = MinutePlacement.of(plan.load().arrivals(), functions, streams.named("arrivals"));
        this.clock = new ReplayClock(plan);
        this.durations = new ReplayDurations(plan, streams);
        this.left = new int[functions];
        this.heap = new long[functions];
        this.nextMinute = plan.fromMinute();
    }

    @Override
    public List<Function> functions() {
        return plan.functions();
    }

    @Override
    public boolean advance() {
        while (pending == 0) {
            if (nextMinute == plan.toMinute()) {
                return false;
            }
            beginMinute();
        }
        long first = heap[0];
        function = (int) (first & FUNCTION_MASK);
        timeNs = clock.runNs((nextMinute - 1) * MinutePlacement.MINUTE_NS + (first >>> FUNCTION_BITS));
        serviceNs = durations.drawNs(function);
        if (--left[function] > 0) {
            siftDown(key(function));
        } else if (--pending > 0) {
            siftDown(heap[pending]);
        }
        return true;
    }

    /** First arrivals of all functions of the minute; rows rise and so mostly do the keys, hence each is sifted up. */
    private void beginMinute() {
        cursor.minute(nextMinute++);
        while (cursor.next()) {
            int index = plan.index(cursor.row());
            if (index >= 0) {
                left[index] = cursor.count();
                placement.begin(index, cursor.count());
                siftUp(key(index));
            }
        }
    }

    private long key(int index) {
        return placement.nextNs(index) << FUNCTION_BITS | index;
    }

    private void siftUp(long key) {
        int hole = pending++;
        while (hole > 0 && heap[(hole - 1) / 2] > key) {
            heap[hole] = heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }
        heap[hole] = key;
    }

    /** Puts the key in the place of the first. */
    private void siftDown(long key) {
        int hole = 0;
        int child = 1;
        while (child < pending) {
            if (child + 1 < pending && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= key) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
            child = 2 * hole + 1;
        }
        heap[hole] = key;
    }

    @Override
    public long timeNs() {
        return timeNs;
    }

    @Override
    public int function() {
        return function;
    }

    @Override
    public long serviceNs() {
        return serviceNs;
    }

    @Override
    public Map<String, String> facts() {
        return plan.coverage().facts();
    }
}
