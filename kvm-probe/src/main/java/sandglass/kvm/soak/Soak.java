package sandglass.kvm.soak;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import sandglass.kvm.usf.Outcome;
import sandglass.kvm.usf.Residue;
import sandglass.kvm.usf.UsfPool;
import sandglass.kvm.usf.file.Assignment;

/**
 * Runs a soak. Invocations come in rounds, several at a time; between two rounds nothing runs, so that what the process has of the
 * host's can be counted exactly: as many machines as idle unikernels and not one more.
 */
public final class Soak {

    /** After so many faults it ends. */
    public static final int MOST_FAULTS = 20;

    private static final long ROUNDS = 50;
    private static final long LONGEST_ROUND = 5000;
    /** Spreads the indices over the seeds of their random numbers (Knuth, section 6.4: the golden ratio). */
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final SoakConfig config;
    private final UsfPool pool;
    private final List<SoakProgram> programs;
    private final double[] cumulated;
    private final List<String> secrets;
    private final LongSupplier clockNs;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong inspections = new AtomicLong();
    private final Map<SoakProgram, SoakReport.Tally> tallies = new TreeMap<>(Comparator.comparing(SoakProgram::name));
    private final List<SoakReport.Fault> faults = new ArrayList<>();
    private final List<ProcessState> samples = new ArrayList<>();
    private final long startNs;
    private volatile boolean stopped;

    /**
     * A soak of a pool.
     *
     * @param programs names are unique
     * @param secrets  what must not be found in recycled memory
     */
    public Soak(SoakConfig config, UsfPool pool, List<SoakProgram> programs, List<String> secrets, LongSupplier clockNs) {
        this.config = config;
        this.pool = pool;
        this.programs = List.copyOf(programs);
        this.secrets = List.copyOf(secrets);
        this.clockNs = clockNs;
        cumulated = new double[programs.size()];
        double sum = 0;
        for (int i = 0; i < cumulated.length; i++) {
            sum += programs.get(i).weight();
            cumulated[i] = sum;
        }
        next.set(config.first());
        startNs = clockNs.getAsLong();
    }

    /**
     * Runs it.
     *
     * @param progress told of the number of invocations made, after each; by several threads
     */
    public SoakReport run(LongConsumer progress) {
        long end = config.first() + config.invocations();
        long round = Math.max(1, Math.min(LONGEST_ROUND, config.invocations() / ROUNDS));
        ExecutorService executor = Executors.newFixedThreadPool(config.jobs());
        try {
            for (long roundEnd = config.first() + round; !isOver(end); roundEnd += round) {
                long limit = Math.min(roundEnd, end);
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < config.jobs(); i++) {
                    running.add(executor.submit(() -> work(limit, progress)));
                }
                running.forEach(Soak::await);
                rest();
            }
        } finally {
            executor.shutdown();
        }
        return report();
    }

    private static void await(Future<?> job) {
        try {
            job.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Makes it end after the invocations under way. */
    public void stop() {
        stopped = true;
    }

    private boolean isOver(long end) {
        return stopped || next.get() >= end || clockNs.getAsLong() - startNs >= config.mostNs();
    }

    private void work(long limit, LongConsumer progress) {
        while (!stopped && clockNs.getAsLong() - startNs < config.mostNs()) {
            long index = next.getAndUpdate(i -> i < limit ? i + 1 : i);
            if (index >= limit) {
                return;
            }
            one(index);
            if ((index + 1) % config.inspectEvery() == 0) {
                pool.inspectNewest(secrets).ifPresent(residue -> inspected(index, residue));
            }
            progress.accept(done.incrementAndGet());
        }
    }

    private void one(long index) {
        SplittableRandom random = new SplittableRandom(config.seed() * GOLDEN ^ index);
        SoakProgram program = draw(random);
        SoakCall call = program.maker().call(index, random);
        long beginNs = clockNs.getAsLong();
        Outcome outcome;
        try {
            outcome = pool.invoke(call.source(), call.event(), Assignment.NONE, call.timeLimit()).invocation().outcome();
        } catch (RuntimeException | OutOfMemoryError e) {
            fault(index, program.name(), "the pool failed: " + e);
            return;
        }
        long busyNs = clockNs.getAsLong() - beginNs;
        call.check().apply(outcome).ifPresent(what -> fault(index, program.name(), what));
        SoakReport.Tally tally = new SoakReport.Tally(1, outcome instanceof Outcome.Result ? 1 : 0, outcome instanceof Outcome.Failed ? 1 : 0,
                outcome instanceof Outcome.Refused ? 1 : 0, outcome instanceof Outcome.Killed ? 1 : 0, busyNs);
        synchronized (tallies) {
            tallies.merge(program, tally, SoakReport.Tally::plus);
        }
    }

    private SoakProgram draw(SplittableRandom random) {
        double at = random.nextDouble() * cumulated[cumulated.length - 1];
        int i = 0;
        while (cumulated[i] <= at) {
            i++;
        }
        return programs.get(i);
    }

    private void inspected(long index, Residue residue) {
        inspections.incrementAndGet();
        if (!residue.isNone()) {
            fault(index, "inspection", residue.toString());
        }
    }

    private void fault(long index, String program, String what) {
        synchronized (faults) {
            if (faults.size() < MOST_FAULTS) {
                faults.add(new SoakReport.Fault(index, program, what));
            }
            stopped |= faults.size() >= MOST_FAULTS;
        }
    }

    /** Between two rounds. */
    private void rest() {
        ProcessState state = ProcessState.now(config.first() + done.get());
        int idle = pool.idleCount();
        if (state.machines() != idle || state.vcpus() != idle) {
            fault(next.get() - 1, "machines", state.machines() + " machines and " + state.vcpus() + " processors are open; there are " + idle
                    + " unikernels");
        }
        synchronized (samples) {
            samples.add(state);
        }
    }

    /** What was found until now. Any thread may ask. */
    public SoakReport report() {
        Map<String, SoakReport.Tally> byProgram = new TreeMap<>();
        Map<SoakProgram.Group, SoakReport.Tally> byGroup = new TreeMap<>();
        synchronized (tallies) {
            tallies.forEach((program, tally) -> {
                byProgram.put(program.name(), tally);
                byGroup.merge(program.group(), tally, SoakReport.Tally::plus);
            });
        }
        List<SoakReport.Fault> wrong;
        synchronized (faults) {
            wrong = List.copyOf(faults);
        }
        List<ProcessState> states;
        synchronized (samples) {
            states = List.copyOf(samples);
        }
        return new SoakReport(config.seed(), done.get(), clockNs.getAsLong() - startNs, byProgram, byGroup, wrong, inspections.get(),
                byProgram.values().stream().mapToLong(SoakReport.Tally::killed).sum(), states, Trend.of(states));
    }
}
