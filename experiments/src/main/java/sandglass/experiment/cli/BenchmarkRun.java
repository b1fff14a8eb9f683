package sandglass.experiment.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sandglass.experiment.read.ExperimentFile;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.measure.Fingerprint;
import sandglass.kvm.probe.UsfBenchmark;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.kvm.vm.KvmUnavailableException;
import sandglass.run.UnsupportedHereException;

/** Runs a benchmark and writes {@code benchmark.json}: the host and every quantity with n, median, p99 and the raw values. */
final class BenchmarkRun {

    private static final String FILE = "benchmark.json";

    private final Console console;
    private final boolean json;

    BenchmarkRun(Console console, boolean json) {
        this.console = console;
        this.json = json;
    }

    void run(ExperimentFile.Benchmark benchmark, Path directory) throws UnsupportedHereException {
        UsfBenchmark measured = measure(benchmark.rounds());
        List<UsfBenchmark.Row> rows = measured.rows();
        Map<String, String> host = Fingerprint.ofThisHost(LiveConfig.defaults().interpreter());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("benchmark", benchmark.name());
        all.put("clock", "wall, monotonic");
        all.put("jdk", Runtime.version().toString());
        all.put("host", host);
        all.put("rows", rows.stream().map(BenchmarkRun::object).toList());
        all.put("unsupported", measured.unsupported());
        Path file = directory.resolve(FILE);
        try {
            Files.createDirectories(directory);
            Files.writeString(file, Json.text(all));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        console.out().print(json ? Json.text(all) : text(benchmark, host, measured, file));
    }

    private UsfBenchmark measure(UsfBenchmark.Rounds rounds) throws UnsupportedHereException {
        try {
            UsfBenchmark measured = new UsfBenchmark(rounds, Clocks.monotonicNs(), part -> {
                if (console.live()) {
                    console.err().println("sandglass: " + part);
                }
            });
            measured.run();
            return measured;
        } catch (KvmUnavailableException | PythonImage.MissingRuntimeException e) {
            throw new UnsupportedHereException(e.getMessage(), "'sandglass doctor' says what is missing and how to get it");
        }
    }

    private static Map<String, Object> object(UsfBenchmark.Row row) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", row.name());
        object.put("unit", row.unit());
        object.put("n", row.samples().n());
        object.put("median", row.samples().quantile(0.5));
        object.put("p99", row.samples().quantile(0.99));
        object.put("min", row.samples().min());
        object.put("raw", row.samples().values());
        return object;
    }

    private static String text(ExperimentFile.Benchmark benchmark, Map<String, String> host, UsfBenchmark measured, Path file) {
        TextTable table = new TextTable().row("", "n", "median", "p99", "min", "unit");
        for (UsfBenchmark.Row row : measured.rows()) {
            table.row(row.name(), Long.toString(row.samples().n()), number(row.samples().quantile(0.5)), number(row.samples().quantile(0.99)),
                    number(row.samples().min()), row.unit());
        }
        StringBuilder missing = new StringBuilder();
        measured.unsupported().forEach(reason -> missing.append("unsupported: ").append(reason).append('\n'));
        List<String> facts = new ArrayList<>();
        host.forEach((name, value) -> facts.add(name + " " + value));
        return benchmark.name() + ": " + benchmark.question() + "\n" + String.join(", ", facts) + "\n\n" + table.text() + missing + "\n"
                + file + " has every value\n";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }
}
