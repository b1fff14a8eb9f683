package sandglass.experiment.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sandglass.kvm.doctor.Check;
import sandglass.kvm.doctor.Doctor;

/** {@code sandglass doctor}. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Say what this host can run, and how to get the rest.")
final class DoctorCommand implements Callable<Integer> {

    private static final int DETAIL_COLUMNS = 60;

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    private final Console console;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() {
        List<Check> checks = Doctor.ofThisHost().checks();
        console.out().print(json ? Json.text(checks.stream().map(DoctorCommand::map).toList()) : text(checks));
        return ExitCode.DONE;
    }

    private static Map<String, Object> map(Check check) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("check", check.name());
        one.put("present", check.present());
        one.put("found", check.found());
        one.put("needed_by", check.neededBy());
        one.put("remedy", check.remedy());
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
