package sandglass.experiment.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
import sandglass.experiment.sweep.RecordedExecutor;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.probe.ProbeExecutor;
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
            case SIM -> sim(experiment);
            case RECORDED -> new Chosen(new RecordedExecutor(ResultFile.read(recording(experiment)).results()), Optional.empty());
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

    private Chosen sim(ExperimentFile.Experiment experiment) {
        Path file = options.calibration().orElse(experiment.calibration());
        Calibration calibration = CalibrationReader.read(file, file.toString());
        SimExecutor executor = new SimExecutor(calibration, arrivals);
        Set<String> lacking = new LinkedHashSet<>();
        for (Scenario scenario : experiment.scenarios()) {
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

    private Path recording(ExperimentFile.Experiment experiment) {
        Path beside = experiment.file().resolveSibling("recorded");
        return options.recorded().orElseGet(() -> Stream.of(".jsonl.gz", ".jsonl").map(ending -> beside.resolve(experiment.name() + ending))
                .filter(Files::exists).findFirst().orElse(beside.resolve(experiment.name() + ".jsonl.gz")));
    }
}
