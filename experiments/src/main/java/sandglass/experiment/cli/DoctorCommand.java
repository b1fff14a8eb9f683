package sandglass.experiment.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sandglass.kvm.doctor.Check;
import sandglass.kvm.doctor.Doctor;
import sandglass.kvm.doctor.Installer;
import sandglass.kvm.leftovers.Leftover;
import sandglass.kvm.leftovers.Leftovers;
import sandglass.kvm.measure.Fingerprint;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.vm.VmStack;
import sandglass.run.UnsupportedHereException;

/** {@code sandglass doctor}. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Say what this host can run, and how to get the rest.")
final class DoctorCommand implements Callable<Integer> {

    private static final int DETAIL_COLUMNS = 60;

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    @Option(names = "--install", description = "get missing packages by apt-get, the kernel of virtual machines, a CRIU for this kernel; only that")
    private boolean install;

    @Option(names = "--clean", description = "remove what killed runs left on this host")
    private boolean clean;

    private final Console console;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() throws UnsupportedHereException {
        List<Check> checks = Doctor.ofThisHost(VmStack::trialBoot).checks();
        if (install) {
            Installer.ofThisHost().install(checks, command -> console.err().println("sandglass: " + command));
            checks = Doctor.ofThisHost(VmStack::trialBoot).checks();
        }
        Leftovers leftovers = Leftovers.ofThisUser();
        Leftovers.Report cleaned = clean ? leftovers.remove() : new Leftovers.Report(List.of(), List.of());
        Found found = new Found(checks, Fingerprint.ofThisHost(LiveConfig.defaults().interpreter()), leftovers.find(), cleaned);
        console.out().print(json ? Json.text(found.map()) : found.text());
        return cleaned.failures().isEmpty() ? ExitCode.DONE : ExitCode.NO;
    }

    private record Found(List<Check> checks, Map<String, String> fingerprint, List<Leftover> leftovers, Leftovers.Report cleaned) {

        Map<String, Object> map() {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("checks", checks.stream().map(DoctorCommand::map).toList());
            all.put("fingerprint", fingerprint);
            all.put("leftovers", texts(leftovers));
            all.put("removed", texts(cleaned.removed()));
            all.put("failures", failures());
            return all;
        }

        private List<String> failures() {
            return cleaned.failures().stream().map(failure -> failure.thing() + ": " + failure.reason()).toList();
        }

        private static List<String> texts(List<Leftover> things) {
            return things.stream().map(Leftover::toString).toList();
        }

        String text() {
            StringBuilder text = new StringBuilder(DoctorCommand.text(checks)).append("\nThis host: ");
            text.append(fingerprint.entrySet().stream().map(fact -> fact.getKey() + " " + fact.getValue()).collect(Collectors.joining(", ")))
                    .append('\n');
            section(text, "Removed what killed runs had left:", texts(cleaned.removed()));
            section(text, "Could not be removed:", failures());
            section(text, "Left by killed runs (the next run removes it, or ./sandglass doctor --clean):", texts(leftovers));
            return text.toString();
        }

        private static void section(StringBuilder text, String title, List<String> lines) {
            if (!lines.isEmpty()) {
                text.append('\n').append(title).append('\n');
                lines.forEach(line -> text.append("  ").append(line).append('\n'));
            }
        }
    }

    private static Map<String, Object> map(Check check) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("check", check.name());
        one.put("present", check.present());
        one.put("found", check.found());
        one.put("needed_by", check.neededBy());
        one.put("remedy", check.remedy());
        one.put("packages", check.packages());
        return one;
    }

    private static String text(List<Check> checks) {
        TextTable table = new TextTable(0, 0, DETAIL_COLUMNS, 0).row("check", "", "found", "needed by");
        checks.forEach(check -> table.row(check.name(), check.present() ? "ok" : "missing", check.found(), check.neededBy()));
        StringBuilder text = new StringBuilder(table.text());
        List<Check> missing = checks.stream().filter(check -> !check.present()).toList();
        if (!missing.isEmpty()) {
            text.append("\nTo get what is missing:\n");
            missing.forEach(check -> text.append("  ").append(check.remedy()).append("   # ").append(check.name()).append('\n'));
        }
        return text.toString();
    }
}
