package sandglass.experiment.read;

import java.nio.file.Path;
import java.util.List;
import sandglass.kvm.probe.UsfBenchmark;
import sandglass.plot.FigureSpec;
import sandglass.scenario.Scenario;

/** What a user runs: one experiment, a suite of them, or a benchmark. */
public sealed interface ExperimentFile {

    /** Name of the experiment or suite, which is also that of its results. */
    String name();

    /** What it asks, in a sentence. */
    String question();

    /** Where it was read from. */
    Path file();

    /**
     * One experiment, expanded.
     *
     * @param calibration the calibration's file: the one that the experiment names, or the published one
     * @param axes names of all axes, in the order in which they vary, the slowest first
     * @param scenarios the cartesian product of the axes, in a stable order; ids and digests are unique
     * @param figures what to draw from the results
     */
    record Experiment(String name, String question, Path file, Path calibration, List<String> axes, List<Scenario> scenarios,
            List<FigureSpec> figures) implements ExperimentFile {
        public Experiment {
            axes = List.copyOf(axes);
            scenarios = List.copyOf(scenarios);
            figures = List.copyOf(figures);
        }
    }

    /**
     * Several experiments that answer one question together.
     *
     * @param members in the order in which they run
     * @param claims ids of the published claims that the results are held against
     */
    record Suite(String name, String question, Path file, List<Experiment> members, List<String> claims) implements ExperimentFile {
        public Suite {
            members = List.copyOf(members);
            claims = List.copyOf(claims);
        }
    }

    /**
     * A fixed measurement of real unikernels, which no scenario describes.
     *
     * @param rounds how often each part is measured, and the size of a transfer
     */
    record Benchmark(String name, String question, Path file, UsfBenchmark.Rounds rounds) implements ExperimentFile {}
}
