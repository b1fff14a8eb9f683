package sandglass.experiment.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import sandglass.kvm.soak.SoakConfig;
import sandglass.kvm.soak.SoakReport;
import sandglass.kvm.soak.Trend;

/** A soak's report as text and as a map. */
final class SoakText {

    private static final double SECOND_NS = 1e9;
    private static final double MS = 1e6;

    private final SoakReport report;
    private final SoakConfig config;

    SoakText(SoakReport report, SoakConfig config) {
        this.report = report;
        this.config = config;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "%d of %d invocations in %.1f s, %d at a time, seed %d", report.invocations(), config.invocations(),
                report.elapsedNs() / SECOND_NS, config.jobs(), report.seed());
        line(text, "%-10s %9s %9s %9s %9s %9s   ms each, with recycling or replacement", "", "runs", "result", "raised", "refused", "ended");
        report.groups().forEach((group, tally) -> line(text, "%-10s %9d %9d %9d %9d %9d   %.2f", group.name().toLowerCase(Locale.ROOT),
                tally.runs(), tally.results(), tally.failed(), tally.refused(), tally.killed(), tally.busyNs() / MS / tally.runs()));
        line(text, "%d unikernels replaced; %d recycled ones compared with the template byte for byte", report.replaced(),
                report.inspections());
        report.trends().forEach(trend -> text.append(text(trend)));
        report.wrong().forEach(fault -> line(text, "WRONG at index %d (%s): %s", fault.index(), fault.program(), fault.what()));
        if (!report.wrong().isEmpty()) {
            line(text, "again: sandglass soak --seed %d --first %d --invocations 1", report.seed(), report.wrong().get(0).index());
        }
        line(text, report.holds() ? "no wrong answer, no residue, no growth" : "NOT all is well");
        return text.toString();
    }

    private static String text(Trend trend) {
        String unit = trend.unit().isEmpty() ? "" : " " + trend.unit();
        String verdict = !trend.isKnown() ? "too few samples to tell" : trend.grows() ? "GROWS" : "no growth";
        return String.format(Locale.ROOT, "%-12s %.1f%s, at the end %.1f; trend %+.2f (allowed %.1f), n = %d: %s%n", trend.name(), trend.from(), unit,
                trend.to(), trend.growth(), trend.allowed(), trend.samples(), verdict);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }

    Map<String, Object> map() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("holds", report.holds());
        all.put("seed", report.seed());
        all.put("first", config.first());
        all.put("invocations", report.invocations());
        all.put("asked", config.invocations());
        all.put("jobs", config.jobs());
        all.put("elapsed_ns", report.elapsedNs());
        all.put("replaced", report.replaced());
        all.put("inspections", report.inspections());
        all.put("faults", report.wrong());
        all.put("trends", report.trends().stream().map(SoakText::map).toList());
        all.put("groups", report.groups().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().name().toLowerCase(Locale.ROOT), entry -> map(entry.getValue()))));
        Map<String, Object> programs = new LinkedHashMap<>();
        report.programs().forEach((name, tally) -> programs.put(name, map(tally)));
        all.put("programs", programs);
        all.put("samples", samples());
        return all;
    }

    private List<Map<String, Object>> samples() {
        return report.samples().stream().map(sample -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("invocations", sample.invocations());
            one.put("machines", sample.machines());
            one.put("descriptors", sample.descriptors());
            one.put("mappings", sample.mappings());
            one.put("threads", sample.threads());
            one.put("pss_bytes", sample.pssBytes());
            one.put("heap_bytes", sample.heapBytes());
            return one;
        }).toList();
    }

    private static Map<String, Object> map(Trend trend) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", trend.name());
        one.put("unit", trend.unit());
        one.put("from", trend.from());
        one.put("to", trend.to());
        one.put("growth", trend.growth());
        one.put("allowed", trend.allowed());
        one.put("samples", trend.samples());
        one.put("grows", trend.isKnown() ? trend.grows() : null);
        return one;
    }

    private static Map<String, Object> map(SoakReport.Tally tally) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("runs", tally.runs());
        one.put("results", tally.results());
        one.put("raised", tally.failed());
        one.put("refused", tally.refused());
        one.put("ended", tally.killed());
        one.put("busy_ns", tally.busyNs());
        return one;
    }
}
