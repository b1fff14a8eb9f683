package sandglass.experiment.cli;

import java.io.PrintStream;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with an estimate of the time left for work that is counted, or nothing. */
final class CountProgress implements AutoCloseable {

    private static final int REFRESH_MS = 500;
    private static final int COLUMNS = 100;

    private final Optional<ProgressBar> bar;

    CountProgress(Optional<PrintStream> terminal, String task, long goal) {
        bar = terminal.map(stream -> new ProgressBarBuilder().setTaskName(task).setInitialMax(goal).setUpdateIntervalMillis(REFRESH_MS)
                .setStyle(ProgressBarStyle.ASCII).showSpeed().clearDisplayOnFinish()
                .setConsumer(new ConsoleProgressBarConsumer(stream, COLUMNS)).build());
    }

    /** So many are done; those who are told out of order do not turn it back for long. */
    void at(long count) {
        bar.ifPresent(b -> b.stepTo(count));
    }

    @Override public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
