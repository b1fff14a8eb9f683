package sandglass.experiment.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sandglass.calibration.Calibration;
import sandglass.calibration.MissingCostException;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.CalibrationReader;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.read.Problem;
import sandglass.experiment.store.ResultFile;
import sandglass.experiment.sweep.Again;
import sandglass.experiment.sweep.RecordedExecutor;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.measure.Fingerprint;
import sandglass.kvm.probe.ProbeExecutor;
import sandglass.kvm.stack.LiveConfig;
import sandglass.result.RunResult;
import sandglass.run.Executor;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Scenario;
import sandglass.sim.SimExecutor;
import sandglass.sim.Version;
import sandglass.workload.arrival.Arrivals;

/** Makes executors, and finds what they lack before anything runs. */
final class Executors {

    /** An executor with the calibration it uses. */
    record Chosen(Executor executor, Optional<Calibration> calibration) {

        /** The calibration's digest, empty for none. */
        String calibrationDigest() {
            return calibration.map(Calibration::digest).orElse("");
        }
    }

    private final ExperimentOptions options;
    private final Arrivals arrivals = new Arrivals();

    Executors(ExperimentOptions options) {
        this.options = options;
    }

    /**
     * The executor for an experiment.
     *
     * @throws BadInputException if a calibration or recording is bad or lacks a cost that a scenario needs
     * @throws UnsupportedHereException if this host cannot run it
     */
    Chosen choose(ExecutorChoice choice, ExperimentFile.Experiment experiment) throws UnsupportedHereException {
        return switch (choice) {
            case SIM -> sim(experiment, experiment.scenarios());
            case RECORDED -> new Chosen(new RecordedExecutor(Again.select(ResultFile.read(recording(experiment)).results(), false)),
                    Optional.empty());
            case PROBE -> probe(experiment);
        };
    }

    private Chosen probe(ExperimentFile.Experiment experiment) throws UnsupportedHereException {
        ProbeExecutor executor = new ProbeExecutor(arrivals, new EtlDocuments(), Version.read(), Clocks.monotonicNs());
        for (Scenario scenario : experiment.scenarios()) {
            executor.check(scenario);
        }
        return new Chosen(executor, Optional.empty());
    }

    /**
     * The simulator for some of an experiment's scenarios, with as many replications as one asks for ({@link SimExecutor#redrawing}).
     *
     * @throws BadInputException if a calibration is bad or lacks a cost that one of them needs
     */
    Chosen predicting(ExperimentFile.Experiment experiment, List<Scenario> wanted) {
        Chosen sim = sim(experiment, wanted);
        return new Chosen(((SimExecutor) sim.executor).redrawing(), sim.calibration);
    }

    private Chosen sim(ExperimentFile.Experiment experiment, List<Scenario> wanted) {
        Path file = options.calibration().orElse(experiment.calibration());
        Calibration calibration = CalibrationReader.read(file, file.toString());
        SimExecutor executor = new SimExecutor(calibration, arrivals);
        Set<String> lacking = new LinkedHashSet<>();
        for (Scenario scenario : wanted) {
            try {
                executor.check(scenario);
            } catch (MissingCostException e) {
                e.getMessage().lines().forEach(lacking::add);
            } catch (IllegalArgumentException e) {
                throw new BadInputException(List.of(new Problem(experiment.file().toString(), 0, "", "scenario " + scenario.id() + ": "
                        + e.getMessage())));
            }
        }
        if (!lacking.isEmpty()) {
            List<Problem> problems = new ArrayList<>();
            lacking.forEach(message -> problems.add(new Problem(file.toString(), 0, "parameters", message)));
            throw new BadInputException(problems);
        }
        return new Chosen(executor, Optional.of(calibration));
    }

    /** Something that can say of a scenario whether it can be run. */
    @FunctionalInterface
    interface Check {
        /** @throws UnsupportedHereException if not */
        void of(Scenario scenario) throws UnsupportedHereException;
    }

    /** Whoever runs scenarios for real and twice: this host, or a recording of another. */
    Validation.Reality reality(ExecutorChoice choice, ExperimentFile file) {
        if (choice == ExecutorChoice.PROBE) {
            ProbeExecutor executor = new ProbeExecutor(arrivals, new EtlDocuments(), Version.read(), Clocks.monotonicNs());
            return Validation.twice(executor, executor::check);
        }
        List<RunResult> recorded = ResultFile.read(recording(file)).results();
        List<RunResult> again = Again.select(recorded, true);
        return Validation.recorded(new RecordedExecutor(Again.select(recorded, false)),
                again.isEmpty() ? Optional.empty() : Optional.of(new RecordedExecutor(again)));
    }

    /** What this host is, as results of the probe will say. */
    Map<String, String> fingerprint() {
        return Fingerprint.ofThisHost(LiveConfig.defaults().interpreter());
    }

    /** Where a recording of an experiment or suite is: beside it, or, for a member of a suite's directory, beside the suite. */
    Path recording(ExperimentFile file) {
        Path directory = file.file().toAbsolutePath().getParent();
        Path ofSuite = directory.resolveSibling("recorded").resolve(directory.getFileName() + ".jsonl.gz");
        Path own = directory.resolve("recorded").resolve(file.name() + ".jsonl.gz");
        Path plain = directory.resolve("recorded").resolve(file.name() + ".jsonl");
        return options.recorded().orElseGet(() -> Stream.of(own, plain, ofSuite).filter(Files::exists).findFirst().orElse(own));
    }
}
