package sandglass.kvm.worker;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import sandglass.kvm.measure.MemInfo;
import sandglass.kvm.measure.Smaps;
import sandglass.kvm.usf.UsfPool;

/** Makes unikernels until so many are alive at once, each having run a Python function, and measures on the way. */
public final class Density {

    /** The host keeps at least this much available memory. */
    public static final long RESERVE_BYTES = 2L << 30;

    private static final List<Integer> POINTS = List.of(100, 500, 1000, 2000, 5000, 10_000, 20_000);
    /** How many of the newest unikernels' times make a point. */
    private static final int NEWEST = 500;
    private static final String FUNCTION = "def handler(event, etl):\n    return [event['n'] * 2, 'ok']\n";
    private static final String EVENT = "{\"n\": 21}";
    private static final String EXPECTED = "[42, \"ok\"]";
    /** Memory that a process has given back becomes available a little later. */
    private static final long SETTLE_MS = 2000;

    private final WorkerPoolConfig config;
    private final LongSupplier clockNs;
    private final Consumer<DensityReport.Point> listener;

    /** @param listener told of every point when it is reached */
    public Density(WorkerPoolConfig config, LongSupplier clockNs, Consumer<DensityReport.Point> listener) {
        this.config = config;
        this.clockNs = clockNs;
        this.listener = listener;
    }

    /**
     * Makes them, calls each once more, and closes everything.
     *
     * @throws HostLimitException  if the host's limits or memory do not suffice; nothing is left then either
     * @throws WorkerLostException if a worker fails
     */
    public DensityReport run(int usfs) {
        MemInfo before = MemInfo.now();
        Growth growth = new Growth(usfs, before, Smaps.pssOfOthers(Set.of(ProcessHandle.current().pid())));
        List<Long> second = new ArrayList<>();
        AtomicInteger wrong = new AtomicInteger();
        List<Long> pids;
        try (WorkerPool pool = new WorkerPool(config)) {
            growth.grow(pool);
            int called = pool.invokeOnEach(FUNCTION, EVENT, answered -> {
                second.add(answered.runNs());
                boolean right = answered.ending() == Answered.Ending.RESULT && answered.text().equals(EXPECTED)
                        && answered.createNs() == 0;
                wrong.addAndGet(right ? 0 : 1);
            });
            wrong.addAndGet(usfs - called);
            pids = pool.pids();
        }
        pause();
        return new DensityReport(growth.points, DensityReport.Times.of(second), wrong.get(),
                MemInfo.now().since(before).get("MemAvailable"),
                pids.stream().filter(pid -> ProcessHandle.of(pid).isPresent()).toList());
    }

    private static void pause() {
        try {
            Thread.sleep(SETTLE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The part before the last point. */
    private final class Growth {

        private final MemInfo before;
        private final SortedSet<Integer> ahead = new TreeSet<>();
        private final List<DensityReport.Point> points = new ArrayList<>();
        private final List<Long> create = new ArrayList<>();
        private final List<Long> first = new ArrayList<>();
        private final int goal;
        private final long othersBefore;
        private long elapsedNs;

        Growth(int goal, MemInfo before, long othersBefore) {
            this.othersBefore = othersBefore;
            this.goal = goal;
            this.before = before;
            POINTS.stream().filter(point -> point < goal).forEach(ahead::add);
            ahead.add(goal);
        }

        void grow(WorkerPool pool) {
            long[] resumedNs = {clockNs.getAsLong()};
            pool.grow(goal, batch -> {
                elapsedNs += clockNs.getAsLong() - resumedNs[0];
                take(batch, pool);
                resumedNs[0] = clockNs.getAsLong();
            });
        }

        private void take(List<UsfPool.Added> batch, WorkerPool pool) {
            for (UsfPool.Added added : batch) {
                create.add(added.createNs());
                first.add(added.firstRunNs());
            }
            MemInfo now = MemInfo.now();
            if (now.availableBytes() < RESERVE_BYTES) {
                throw new HostLimitException("MemAvailable", RESERVE_BYTES, now.availableBytes(), create.size() + " of " + goal
                        + " unikernels were made; end other programs, or make fewer");
            }
            if (create.size() >= ahead.first()) {
                ahead.remove(ahead.first());
                Set<Long> own = new HashSet<>(pool.pids());
                own.add(ProcessHandle.current().pid());
                DensityReport.Point point = new DensityReport.Point(create.size(), pool.pids().size(), elapsedNs,
                        now.since(before), pssBytes(own), Smaps.pssOfOthers(own) - othersBefore, newest(create), newest(first));
                points.add(point);
                listener.accept(point);
            }
        }

        private DensityReport.Times newest(List<Long> all) {
            return DensityReport.Times.of(all.subList(Math.max(0, all.size() - NEWEST), all.size()));
        }

        private long pssBytes(Set<Long> pids) {
            return pids.stream().mapToLong(pid -> Smaps.ofProcess(pid).pssBytes()).sum();
        }
    }
}
