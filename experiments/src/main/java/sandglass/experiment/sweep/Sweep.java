package sandglass.experiment.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.store.RunKey;
import sandglass.result.RunResult;
import sandglass.result.Stopping;
import sandglass.run.Executor;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Length.Repeat;
import sandglass.scenario.Scenario;

/**
 * Runs every replication of every scenario and stores each result as it ends. Which replications are run, and what they give,
 * depends on the scenarios alone: neither on the number of threads nor on what was stored before. A scenario that stops at a
 * half-width runs in rounds whose sizes follow from its rule.
 */
public final class Sweep {

    /** A round adds this share to what was run, so that a scenario that needs many replications decides seldom. */
    private static final double GROWTH = 0.5;

    private final Executor executor;
    private final String calibration;
    private final ResultStore store;
    private final int jobs;
    private final Progress progress;
    private final ToIntFunction<Scenario> first;

    private final AtomicInteger reused = new AtomicInteger();
    private final List<Failure> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean stopped;

    /**
     * @param calibration digest of the calibration that the executor uses; empty for none
     * @param jobs how many runs at a time
     */
    public Sweep(Executor executor, String calibration, ResultStore store, int jobs, Progress progress) {
        this(executor, calibration, store, jobs, progress, scenario -> firstRound(scenario.length().repeat()));
    }

    /** @param first how many replications of a scenario are run whatever they give */
    public Sweep(Executor executor, String calibration, ResultStore store, int jobs, Progress progress, ToIntFunction<Scenario> first) {
        this.first = first;
        this.executor = executor;
        this.calibration = calibration;
        this.store = store;
        this.jobs = jobs;
        this.progress = progress;
    }

    /** Starts no further run; those in progress are left to end. */
    public void stop() {
        stopped = true;
    }

    /** Runs the scenarios. A failure ends its scenario, not the sweep. */
    public Outcome run(List<Scenario> scenarios) {
        ExecutorService pool = Executors.newFixedThreadPool(jobs, task -> {
            Thread thread = new Thread(task, "run");
            thread.setDaemon(true);
            return thread;
        });
        try {
            scenarios.forEach(scenario -> progress.expect(first.applyAsInt(scenario)));
            List<CompletableFuture<List<RunResult>>> all = scenarios.stream().map(scenario -> rounds(scenario, List.of(), pool)).toList();
            List<RunResult> results = all.stream().flatMap(future -> future.join().stream()).toList();
            List<String> order = scenarios.stream().map(Scenario::id).toList();
            failures.sort(Comparator.<Failure>comparingInt(f -> order.indexOf(f.scenarioId())).thenComparingInt(Failure::replication));
            return new Outcome(results, failures, reused.get(), warnings.stream().sorted().toList());
        } finally {
            pool.shutdownNow();
        }
    }

    private CompletableFuture<List<RunResult>> rounds(Scenario scenario, List<RunResult> done, ExecutorService pool) {
        int target = target(scenario, done);
        if (target == done.size()) {
            return CompletableFuture.completedFuture(done);
        }
        List<CompletableFuture<Optional<RunResult>>> round = IntStream.range(done.size(), target)
                .mapToObj(replication -> CompletableFuture.supplyAsync(() -> one(scenario, replication), pool)).toList();
        return CompletableFuture.allOf(round.toArray(CompletableFuture<?>[]::new)).thenCompose(ended -> {
            List<RunResult> more = new ArrayList<>(done);
            round.forEach(run -> run.join().ifPresent(more::add));
            boolean complete = more.size() == target;
            return complete ? rounds(scenario, more, pool) : CompletableFuture.completedFuture(more);
        });
    }

    /** How many replications are run whatever they give. */
    public static int firstRound(Repeat repeat) {
        return repeat instanceof Repeat.UntilHalfWidth until ? until.least() : ((Repeat.Replications) repeat).count();
    }

    /** How many replications there should be after the next round; as many as are done if no more are needed. */
    private int target(Scenario scenario, List<RunResult> done) {
        if (done.isEmpty()) {
            return first.applyAsInt(scenario);
        }
        if (!(scenario.length().repeat() instanceof Repeat.UntilHalfWidth until)) {
            return done.size();
        }
        return switch (decide(until, scenario, done)) {
            case PRECISE -> done.size();
            case EXHAUSTED -> {
                warnings.add("scenario " + scenario.id() + ": after " + done.size() + " replications, the most allowed, the interval of "
                        + until.metric() + " is still wider than asked");
                yield done.size();
            }
            case CONTINUE -> {
                int next = Math.min(until.most(), (int) Math.ceil(done.size() * (1 + GROWTH)));
                progress.expect(next - done.size());
                yield next;
            }
        };
    }

    private Stopping.Decision decide(Repeat.UntilHalfWidth until, Scenario scenario, List<RunResult> done) {
        try {
            return Stopping.decide(until, done);
        } catch (IllegalArgumentException e) {
            failures.add(new Failure(scenario.id(), done.size() - 1, scenario.seed(), e));
            return Stopping.Decision.PRECISE;
        }
    }

    private Optional<RunResult> one(Scenario scenario, int replication) {
        Optional<RunResult> before = store.find(new RunKey(scenario.digest(), scenario.seed(), replication, executor.name(), calibration));
        if (before.isPresent()) {
            reused.incrementAndGet();
            progress.ended(scenario.id());
            return before.map(result -> relabelled(result, scenario));
        }
        if (stopped) {
            return Optional.empty();
        }
        try {
            RunResult result = executor.run(scenario, replication);
            store.append(result);
            progress.ended(scenario.id());
            return Optional.of(result);
        } catch (UnsupportedHereException | RuntimeException e) {
            failures.add(new Failure(scenario.id(), replication, scenario.seed(), e));
            return Optional.empty();
        }
    }

    /** A stored result under the names that the experiment gives its scenario now: names are no part of what was run. */
    private static RunResult relabelled(RunResult r, Scenario scenario) {
        if (r.scenarioId().equals(scenario.id()) && r.axes().equals(scenario.axes()) && r.experiment().equals(scenario.experiment())) {
            return r;
        }
        return new RunResult(scenario.id(), r.digest(), scenario.experiment(), r.stack(), r.role(), scenario.axes(), r.spec(), r.tolerances(),
                r.seed(), r.replication(), r.executor(), r.provenance(), r.measurements(), r.series(), r.ledger(), r.guards(),
                r.unsupported(), r.parameters(), r.facts(), r.warnings());
    }
}
