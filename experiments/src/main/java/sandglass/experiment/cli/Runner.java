package sandglass.experiment.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.report.ReportInput;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.store.SummaryCsv;
import sandglass.experiment.sweep.Outcome;
import sandglass.experiment.sweep.Sweep;
import sandglass.plot.Figure;
import sandglass.plot.FigureException;
import sandglass.plot.FigureSpec;
import sandglass.plot.Figures;
import sandglass.result.RunResult;
import sandglass.result.SummaryRow;

/** Runs one experiment into one directory: results, summary, figures. */
final class Runner {

    /**
     * What a directory holds after a run.
     *
     * @param warnings about the run as a whole
     * @param undrawn why some figures could not be drawn
     */
    record Done(ExperimentFile.Experiment experiment, Path directory, List<RunResult> results, int reused, List<SummaryRow> rows,
            List<Figure> figures, List<String> warnings, List<String> undrawn) {

        /** What a report tells of it. */
        ReportInput.Part part() {
            return new ReportInput.Part(experiment.name(), experiment.question(), results, figures);
        }
    }

    private final Console console;
    private final int jobs;
    private final boolean fresh;

    /** @param fresh whether to run again what is stored; the earlier results are set aside */
    Runner(Console console, int jobs, boolean fresh) {
        this.console = console;
        this.jobs = jobs;
        this.fresh = fresh;
    }

    /**
     * Runs every scenario that is not stored yet and writes what follows from the results.
     *
     * @throws SweepFailedException if some runs failed; the others are stored
     */
    Done run(ExperimentFile.Experiment experiment, Executors.Chosen chosen, Path directory) {
        Outcome outcome = sweep(experiment, chosen, directory);
        outcome.warnings().forEach(warning -> console.err().println("sandglass: " + warning));
        if (!outcome.failures().isEmpty()) {
            throw new SweepFailedException(outcome.failures());
        }
        List<SummaryRow> rows = SummaryCsv.write(outcome.results(), directory);
        List<Figure> figures = new ArrayList<>();
        List<String> undrawn = new ArrayList<>();
        for (FigureSpec spec : experiment.figures()) {
            try {
                figures.add(Figures.draw(spec, outcome.results(), directory.resolve("figures")));
            } catch (FigureException e) {
                undrawn.add(experiment.file() + ": figures: " + e.getMessage());
            }
        }
        return new Done(experiment, directory, outcome.results(), outcome.reused(), rows, figures, outcome.warnings(), undrawn);
    }

    private Outcome sweep(ExperimentFile.Experiment experiment, Executors.Chosen chosen, Path directory) {
        ResultStore.requireWritable(directory);
        if (fresh) {
            Build.setAside(directory);
        }
        Build.note(directory).ifPresent(warning -> console.err().println("sandglass: " + warning));
        try (ResultStore store = ResultStore.open(directory); ConsoleProgress progress = console.progress(experiment.name())) {
            store.warnings().forEach(warning -> console.err().println("sandglass: " + warning));
            Sweep sweep = new Sweep(chosen.executor(), chosen.calibrationDigest(), store, jobs, progress);
            Thread interrupted = new Thread(() -> interrupted(sweep, store, console.err()), "interrupted");
            Runtime.getRuntime().addShutdownHook(interrupted);
            Outcome outcome = sweep.run(experiment.scenarios());
            Runtime.getRuntime().removeShutdownHook(interrupted);
            return outcome;
        }
    }

    /** On Ctrl-C: what has ended is brought to the disk; the process then ends with 130, as after any SIGINT. */
    private static void interrupted(Sweep sweep, ResultStore store, PrintStream err) {
        sweep.stop();
        store.close();
        err.println("\nsandglass: interrupted; " + store.results().size() + " results are in " + store.directory().resolve(ResultStore.FILE)
                + ", and the same command goes on from there");
    }
}
