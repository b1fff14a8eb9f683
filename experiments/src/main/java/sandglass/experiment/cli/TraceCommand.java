package sandglass.experiment.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sandglass.experiment.read.BadInputException;
import sandglass.workload.trace.TraceFormat;
import sandglass.workload.trace.TraceInspector;
import sandglass.workload.trace.TraceReport;

/** {@code sandglass trace}. */
@Command(name = "trace", mixinStandardHelpOptions = true, description = "Describe a trace: counts, rates, and every quirk met while reading it.",
        footer = {"", "Example: sandglass trace DIR --format azure-2019"})
final class TraceCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "a file, or a directory with a trace's files")
    private List<Path> files;

    @Option(names = "--format", required = true, paramLabel = "FORMAT", description = "azure-2019, azure-2021, huawei-2023, huawei-2025, ...")
    private String format;

    @Option(names = "--json", description = "print JSON instead of text")
    private boolean json;

    private final Console console;

    TraceCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() {
        TraceFormat known = format();
        List<TraceReport> reports = new ArrayList<>();
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw BadInputException.of(file.toString(), "no such file or directory; expected a trace");
            }
            reports.add(TraceInspector.inspect(file, known));
        }
        if (json) {
            console.out().print(Json.text(reports.size() == 1 ? reports.get(0).json() : reports.stream().map(TraceReport::json).toList()));
        } else {
            reports.forEach(report -> console.out().print(report.text()));
        }
        return ExitCode.DONE;
    }

    private TraceFormat format() {
        try {
            return TraceFormat.of(format);
        } catch (IllegalArgumentException e) {
            throw BadInputException.of("--format", e.getMessage());
        }
    }
}
