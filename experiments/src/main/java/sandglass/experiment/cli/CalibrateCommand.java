package sandglass.experiment.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.experiment.calibrate.Calibrated;
import sandglass.experiment.calibrate.CalibrationRun;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.CalibrationReader;
import sandglass.experiment.read.Problem;
import sandglass.kvm.atom.Catalogue;
import sandglass.kvm.measure.Clocks;
import sandglass.run.UnsupportedHereException;
import sandglass.unit.Quantities;

/** {@code sandglass calibrate}. */
@Command(name = "calibrate", mixinStandardHelpOptions = true, description = "Measure on this host what everything costs, and write a calibration.",
        footer = {"", "What this host cannot measure keeps its published or assumed value, and is listed.",
            "Raw values go to FILE.json.atoms.jsonl; the same command goes on from there after an interruption."})
final class CalibrateCommand implements Callable<Integer> {

    private static final String PUBLISHED = "experiments/calibrations/published.json";

    @Option(names = "--out", required = true, paramLabel = "FILE.json", description = "the calibration to write")
    private Path out;

    @Option(names = "--stacks", split = ",", paramLabel = "STACK", description = "measure what these stacks need; default: what all need")
    private Set<String> stacks = Set.of();

    @Option(names = "--only", split = ",", paramLabel = "ATOM",
            description = "measure only these, again if need be; the others stay as they are in FILE")
    private Set<String> only = Set.of();

    @Option(names = "--more", description = "measure all times once more, at another time of the day, beside what FILE has of them")
    private boolean more;

    @Option(names = "--quick", description = "fewer rounds: two minutes instead of ten, and far quantiles less certain")
    private boolean quick;

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    private final Console console;

    CalibrateCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() throws UnsupportedHereException, InterruptedException {
        check();
        Path published = console.home().map(home -> home.resolve(PUBLISHED)).orElse(Path.of(PUBLISHED));
        Calibration carried = CalibrationReader.read(published, published.toString());
        Calibrated done = new CalibrationRun(out, Catalogue.all(), Catalogue.select(stacks, only), only, more, quick, Clocks.monotonicNs(),
                message -> console.err().println("sandglass: " + message)).run(carried);
        if (done.measured().isEmpty()) {
            String reason = done.unsupported().get(0).reason();
            throw new UnsupportedHereException("this host can measure none of it: " + reason, done.unsupported().get(0).remedy());
        }
        console.out().print(json ? Json.text(object(done)) : text(done));
        return ExitCode.DONE;
    }

    private void check() {
        List<Problem> problems = new ArrayList<>();
        if (Files.isDirectory(out)) {
            problems.add(new Problem("--out " + out, 0, "", "is a directory; expected a file"));
        }
        if (more && (quick || !only.isEmpty())) {
            problems.add(new Problem("--more", 0, "", "goes neither with --quick nor with --only; expected one of them"));
        }
        Set<String> knownStacks = new TreeSet<>();
        Set<String> knownAtoms = new TreeSet<>();
        Catalogue.all().forEach(atom -> {
            knownStacks.addAll(atom.stacks());
            knownAtoms.add(atom.name());
        });
        unknown(problems, "--stacks", stacks, knownStacks);
        unknown(problems, "--only", only, knownAtoms);
        if (!problems.isEmpty()) {
            throw new BadInputException(problems);
        }
    }

    private static void unknown(List<Problem> problems, String option, Set<String> given, Set<String> known) {
        given.stream().filter(name -> !known.contains(name)).forEach(name ->
                problems.add(new Problem(option, 0, "", "'" + name + "' is not known; expected one of " + String.join(", ", known))));
    }

    private String text(Calibrated done) {
        TextTable table = new TextTable().row("parameter", "n", "median", "p99", "distribution");
        for (Map.Entry<String, Parameter> entry : new TreeMap<>(done.measured()).entrySet()) {
            Parameter p = entry.getValue();
            table.row(p.name(), Long.toString(((Provenance.Measured) p.provenance()).n()), Quantities.print(p.distribution().quantile(0.5), p.unit()),
                    Quantities.print(p.distribution().quantile(0.99), p.unit()), done.fits().get(p.name()).family());
        }
        StringBuilder text = new StringBuilder(table.text());
        if (!done.unsupported().isEmpty()) {
            text.append("\nNot measured here:\n");
            done.unsupported().forEach(u -> text.append("  ").append(u.parameter()).append(": ").append(u.reason()).append(" (").append(u.remedy())
                    .append(")\n"));
        }
        if (!done.carried().isEmpty()) {
            text.append("\nAs published or assumed: ").append(String.join(", ", done.carried())).append('\n');
        }
        return text.append('\n').append(out).append(" has everything with its provenance, ").append(CalibrationRun.sideFile(out))
                .append(" the raw values\n").toString();
    }

    private Map<String, Object> object(Calibrated done) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("calibration", out.toString());
        all.put("digest", done.calibration().digest());
        all.put("host", done.calibration().host());
        Map<String, Object> measured = new TreeMap<>();
        done.measured().forEach((name, p) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("unit", p.unit().symbol());
            one.put("n", ((Provenance.Measured) p.provenance()).n());
            one.put("p50", p.distribution().quantile(0.5));
            one.put("p99", p.distribution().quantile(0.99));
            one.put("mean", p.distribution().mean());
            one.put("family", done.fits().get(name).family());
            measured.put(name, one);
        });
        all.put("measured", measured);
        all.put("unsupported", done.unsupported().stream().map(u -> Map.of("parameter", u.parameter(), "reason", u.reason(), "remedy", u.remedy()))
                .toList());
        all.put("carried", done.carried());
        return all;
    }
}
