package sandglass.experiment.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.sweep.Again;
import sandglass.experiment.sweep.Failure;
import sandglass.experiment.sweep.Outcome;
import sandglass.experiment.sweep.Progress;
import sandglass.experiment.sweep.Sweep;
import sandglass.result.Comparison;
import sandglass.result.RunResult;
import sandglass.run.Executor;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Scenario;

/** Runs the scenarios of one experiment in the simulator and, twice each, for real, and holds one against the other. */
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
     * @param comparisons one a scenario that was run
     * @param results of the simulator and of both measurements
     */
    record Checked(ExperimentFile.Experiment experiment, List<Comparison> comparisons, List<RunResult> results, List<Skipped> skipped) {}

    private final Executors.Chosen sim;
    private final Reality reality;
    private final Set<String> stacks;
    private final int jobs;
    private final Progress progress;
    private final List<Failure> failures = new ArrayList<>();

    /**
     * @param stacks those that are wanted; empty for all that are not left out unless asked for
     */
    Validation(Executors.Chosen sim, Reality reality, Set<String> stacks, int jobs, Progress progress) {
        this.sim = sim;
        this.reality = reality;
        this.stacks = stacks;
        this.jobs = jobs;
        this.progress = progress;
    }

    /** Stacks that are validated only if they are asked for: under emulation they take minutes, and their figures say nothing of kvm. */
    static final Set<String> ON_REQUEST = Set.of("vm", "vm-snapshot", "microvm", "microvm-snapshot");

    /** The scenarios whose stacks are wanted. */
    static List<Scenario> wanted(ExperimentFile.Experiment experiment, Set<String> stacks) {
        return experiment.scenarios().stream().filter(scenario -> stacks.isEmpty() ? !ON_REQUEST.contains(scenario.stack().name())
                : stacks.contains(scenario.stack().name())).toList();
    }

    /** Runs what is not stored yet; what the host cannot run is skipped with its reason. */
    Checked run(ExperimentFile.Experiment experiment, ResultStore store) {
        List<Skipped> skipped = new ArrayList<>();
        List<Scenario> possible = new ArrayList<>();
        for (Scenario scenario : wanted(experiment, stacks)) {
            try {
                reality.check(scenario);
                possible.add(scenario);
            } catch (UnsupportedHereException e) {
                skipped.add(new Skipped(scenario.id(), e.getMessage(), e.remedy()));
            }
        }
        List<RunResult> all = new ArrayList<>();
        List<Comparison> comparisons = new ArrayList<>();
        for (Scenario scenario : possible) {
            Outcome measured = sweep(scenario, reality.first(), "", store, 1);
            Optional<UnsupportedHereException> lacking = measured.failures().stream().map(Failure::cause)
                    .filter(cause -> cause instanceof UnsupportedHereException).map(cause -> (UnsupportedHereException) cause).findFirst();
            if (lacking.isPresent()) {
                skipped.add(new Skipped(scenario.id(), lacking.get().getMessage(), lacking.get().remedy()));
                continue;
            }
            List<RunResult> again = reality.again().map(second -> sweep(scenario, second, "", store, 1)).map(this::kept).orElse(List.of());
            List<RunResult> first = kept(measured);
            List<RunResult> predicted = kept(sweep(scenario, sim.executor(), sim.calibrationDigest(), store, jobs));
            Stream.of(predicted, first, again).forEach(all::addAll);
            if (!predicted.isEmpty() && !first.isEmpty()) {
                comparisons.add(Comparison.of(predicted, first, again));
            }
        }
        return new Checked(experiment, comparisons, all, skipped);
    }

    private Outcome sweep(Scenario scenario, Executor executor, String calibration, ResultStore store, int atATime) {
        return new Sweep(executor, calibration, store, atATime, progress).run(List.of(scenario));
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
