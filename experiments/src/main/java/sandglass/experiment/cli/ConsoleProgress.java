package sandglass.experiment.cli;

import java.io.PrintStream;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import sandglass.experiment.sweep.Progress;

/** A progress bar on a terminal, or nothing. */
final class ConsoleProgress implements Progress, AutoCloseable {

    private static final int REFRESH_MS = 200;
    private static final int COLUMNS = 100;

    private final Optional<ProgressBar> bar;

    ConsoleProgress(Optional<PrintStream> terminal, String task) {
        bar = terminal.map(stream -> new ProgressBarBuilder().setTaskName(task).setInitialMax(0).setUpdateIntervalMillis(REFRESH_MS)
                .setStyle(ProgressBarStyle.ASCII).setUnit(" runs", 1).clearDisplayOnFinish()
                .setConsumer(new ConsoleProgressBarConsumer(stream, COLUMNS)).build());
    }

    @Override public void expect(long runs) {
        bar.ifPresent(b -> b.maxHint(b.getMax() + runs));
    }

    @Override public void ended(String scenarioId) {
        bar.ifPresent(b -> {
            b.setExtraMessage(" " + scenarioId);
            b.step();
        });
    }

    @Override public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
