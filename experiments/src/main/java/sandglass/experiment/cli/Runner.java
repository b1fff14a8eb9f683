package sandglass.experiment.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.report.ReportInput;
import sandglass.experiment.store.ResultStore;
import sandglass.experiment.store.SummaryCsv;
import sandglass.experiment.sweep.Outcome;
import sandglass.experiment.sweep.Sweep;
import sandglass.plot.Figure;
import sandglass.plot.FigureException;
import sandglass.plot.Figures;
import sandglass.result.RunResult;
import sandglass.result.SummaryRow;

/** Runs one experiment into one directory: results, summary, figures. */
final class Runner implements AutoCloseable {

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

    /** What a directory will hold once its figures are drawn. */
    record Drawing(ExperimentFile.Experiment experiment, Path directory, Outcome outcome, List<SummaryRow> rows,
            List<CompletableFuture<Figure>> figures) {

        /** Waits for the figures. */
        Done done() {
            List<Figure> drawn = new ArrayList<>();
            List<String> undrawn = new ArrayList<>();
            for (CompletableFuture<Figure> figure : figures) {
                try {
                    drawn.add(figure.join());
                } catch (CompletionException e) {
                    undrawn.add(experiment.file() + ": figures: " + reason(e));
                }
            }
            return new Done(experiment, directory, outcome.results(), outcome.reused(), rows, drawn, outcome.warnings(), undrawn);
        }

        private static String reason(CompletionException e) {
            if (e.getCause() instanceof FigureException refused) {
                return refused.getMessage();
            }
            throw e;
        }
    }

    private final Console console;
    private final int jobs;
    private final boolean fresh;
    private final ExecutorService drawers;

    /** @param fresh whether to run again what is stored; the earlier results are set aside */
    Runner(Console console, int jobs, boolean fresh) {
        this.console = console;
        this.jobs = jobs;
        this.fresh = fresh;
        this.drawers = java.util.concurrent.Executors.newFixedThreadPool(jobs, task -> {
            Thread thread = new Thread(task, "draw");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs every scenario that is not stored yet, writes the summary and begins to draw the figures, which goes on while the next
     * experiment runs.
     *
     * @throws SweepFailedException if some runs failed; the others are stored
     */
    Drawing run(ExperimentFile.Experiment experiment, Executors.Chosen chosen, Path directory) {
        Outcome outcome = sweep(experiment, chosen, directory);
        outcome.warnings().forEach(warning -> console.err().println("sandglass: " + warning));
        if (!outcome.failures().isEmpty()) {
            throw new SweepFailedException(outcome.failures());
        }
        List<CompletableFuture<Figure>> figures = experiment.figures().stream().map(spec -> CompletableFuture.supplyAsync(
                () -> Figures.draw(spec, outcome.results(), directory.resolve("figures")), drawers)).toList();
        return new Drawing(experiment, directory, outcome, SummaryCsv.write(outcome.results(), directory), figures);
    }

    @Override public void close() {
        drawers.shutdown();
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
            unhook(interrupted);
            return outcome;
        }
    }

    private static void unhook(Thread interrupted) {
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException e) {
            awaitEnd();
        }
    }

    /** The process is ending, and the hook is at work: nothing that follows from a part of the results may be written. */
    private static void awaitEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
