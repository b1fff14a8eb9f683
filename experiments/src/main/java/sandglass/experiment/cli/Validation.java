package sandglass.experiment.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.store.SummaryCsv;
import sandglass.experiment.sweep.Again;
import sandglass.experiment.sweep.Failure;
import sandglass.experiment.sweep.Outcome;
import sandglass.experiment.sweep.Progress;
import sandglass.experiment.sweep.Sweep;
import sandglass.result.Comparison;
import sandglass.result.NoiseFloor;
import sandglass.result.RunResult;
import sandglass.run.Executor;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Length;
import sandglass.scenario.Scenario;

/**
 * Runs the scenarios of one experiment in the simulator and, in two passes, for real, and holds one against the other. All experiments go
 * through the first pass before any goes through the second: a host drifts within minutes, and two measurements made one after the other
 * would not tell by how much.
 */
final class Validation {

    /** Whoever runs scenarios for real, or plays them back. */
    interface Reality {
        /** Runs it for the first time. */
        Executor first();

        /** Runs it for the second time; empty if there is none. */
        Optional<Executor> again();

        /**
         * Whether it can run a scenario at all.
         *
         * @throws UnsupportedHereException if not, with the reason
         */
        void check(Scenario scenario) throws UnsupportedHereException;
    }

    /** A scenario that could not be run, and why. */
    record Skipped(String scenarioId, String reason, String remedy) {}

    /**
     * What came out for one experiment.
     *
     * @param floor what two measurements differ by, over all experiments of the validation
     * @param comparisons one a scenario that was run
     * @param itself      the second measurement of each held against the first as if it were a prediction
     * @param results of the simulator and of both measurements
     */
    record Checked(ExperimentFile.Experiment experiment, NoiseFloor floor, List<Comparison> comparisons, List<Comparison> itself,
            List<RunResult> results, List<Skipped> skipped) {}

    /** What the first pass gave for a scenario. */
    private record Once(Scenario scenario, List<RunResult> predicted, List<RunResult> measured) {}

    /** What both gave. */
    private record Twice(List<RunResult> predicted, NoiseFloor.Twice measured) {}

    /** Stacks that are validated only if they are asked for: under emulation they take minutes, and their figures say nothing of kvm. */
    private static final Set<String> ON_REQUEST = Set.of("vm", "vm-snapshot", "microvm", "microvm-snapshot");

    /** How often costs are drawn anew for each replication of a prediction. */
    private static final int REDRAWS = 10;

    private final ExperimentFile.Experiment experiment;
    private final Path directory;
    private final Executors.Chosen sim;
    private final Reality reality;
    private final int jobs;
    private final Announced progress;
    private final List<Scenario> possible = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final List<Once> once = new ArrayList<>();
    private final List<Twice> twice = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();

    /**
     * @param directory where results are, and will be, stored
     * @param stacks those that are wanted; empty for all that are not left out unless asked for
     */
    Validation(ExperimentFile.Experiment experiment, Path directory, Executors.Chosen sim, Reality reality, Set<String> stacks, int jobs,
            Announced progress) {
        this.experiment = experiment;
        this.directory = directory;
        this.sim = sim;
        this.reality = reality;
        this.jobs = jobs;
        this.progress = progress;
        for (Scenario scenario : wanted(experiment, stacks)) {
            try {
                reality.check(scenario);
                possible.add(scenario);
                progress.announce(realRuns(scenario));
            } catch (UnsupportedHereException e) {
                skipped.add(new Skipped(scenario.id(), e.getMessage(), e.remedy()));
            }
        }
    }

    /** The scenarios of these stacks; of no stacks, all that are not left out unless asked for. */
    static List<Scenario> wanted(ExperimentFile.Experiment experiment, Set<String> stacks) {
        return experiment.scenarios().stream().filter(scenario -> stacks.isEmpty() ? !ON_REQUEST.contains(scenario.stack().name())
                : stacks.contains(scenario.stack().name())).toList();
    }

    private long realRuns(Scenario scenario) {
        return (reality.again().isPresent() ? 2L : 1L) * Sweep.firstRound(scenario.length().repeat());
    }

    /** Runs what is not stored yet, all of them once before any of them again. */
    static List<Checked> all(List<Validation> validations) {
        validations.forEach(Validation::first);
        validations.forEach(Validation::again);
        NoiseFloor floor = NoiseFloor.of(validations.stream().flatMap(validation -> validation.twice.stream()).map(Twice::measured).toList());
        return validations.stream().map(validation -> validation.checked(floor)).toList();
    }

    /** The first pass, with the simulator's part; what the host turns out to lack something for is skipped with its reason. */
    private void first() {
        try (ResultStore store = ResultStore.open(directory)) {
            for (Scenario scenario : possible) {
                Outcome measured = measure(scenario, reality.first(), store);
                Optional<UnsupportedHereException> lacking = measured.failures().stream().map(Failure::cause)
                        .filter(cause -> cause instanceof UnsupportedHereException).map(cause -> (UnsupportedHereException) cause).findFirst();
                if (lacking.isPresent()) {
                    skipped.add(new Skipped(scenario.id(), lacking.get().getMessage(), lacking.get().remedy()));
                    progress.announce(-realRuns(scenario));
                } else {
                    List<RunResult> predicted = kept(new Sweep(sim.executor(), sim.calibrationDigest(), store, jobs, Progress.silent(),
                            Validation::predictions).run(List.of(scenario)));
                    once.add(new Once(scenario, predicted, kept(measured)));
                }
            }
        }
    }

    /** The second pass. */
    private void again() {
        try (ResultStore store = ResultStore.open(directory)) {
            for (Once run : once) {
                List<RunResult> again = reality.again().map(second -> kept(measure(run.scenario(), second, store))).orElse(List.of());
                twice.add(new Twice(run.predicted(), new NoiseFloor.Twice(run.measured(), again)));
            }
        }
    }

    private Checked checked(NoiseFloor floor) {
        List<RunResult> results = twice.stream().flatMap(run -> Stream.of(run.predicted(), run.measured().once(), run.measured().again()))
                .flatMap(List::stream).toList();
        List<Comparison> comparisons = twice.stream().filter(run -> !run.predicted().isEmpty() && !run.measured().once().isEmpty())
                .map(run -> Comparison.of(run.predicted(), run.measured(), floor)).toList();
        List<Comparison> itself = twice.stream().map(Twice::measured).filter(run -> !run.once().isEmpty() && !run.again().isEmpty())
                .map(run -> Comparison.of(run.again(), new NoiseFloor.Twice(run.once(), List.of()), floor)).toList();
        SummaryCsv.write(results, directory);
        return new Checked(experiment, floor, comparisons, itself, results, skipped);
    }

    private Outcome measure(Scenario scenario, Executor executor, ResultStore store) {
        return new Sweep(executor, "", store, 1, progress).run(List.of(scenario));
    }

    /** A prediction from as few draws as there are measurements would be as uncertain as those. */
    private static int predictions(Scenario scenario) {
        int first = Sweep.firstRound(scenario.length().repeat());
        return scenario.length().repeat() instanceof Length.Repeat.Replications ? REDRAWS * first : first;
    }

    private List<RunResult> kept(Outcome outcome) {
        failures.addAll(outcome.failures());
        return outcome.results();
    }

    /** Runs that ended in a mistake, on whichever side. */
    List<Failure> failures() {
        return failures;
    }

    /** Somebody who runs scenarios twice. */
    static Reality twice(Executor executor, Executors.Check check) {
        return new Reality() {
            @Override public Executor first() {
                return executor;
            }

            @Override public Optional<Executor> again() {
                return Optional.of(new Again(executor));
            }

            @Override public void check(Scenario scenario) throws UnsupportedHereException {
                check.of(scenario);
            }
        };
    }

    /** A recording of both times, or of one. */
    static Reality recorded(Executor first, Optional<Executor> again) {
        return new Reality() {
            @Override public Executor first() {
                return first;
            }

            @Override public Optional<Executor> again() {
                return again.map(Again::new);
            }

            @Override public void check(Scenario scenario) throws UnsupportedHereException {
                first.run(scenario, 0);
            }
        };
    }
}
