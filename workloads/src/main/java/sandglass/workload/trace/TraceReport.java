package sandglass.workload.trace;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sandglass.unit.Quantities;

/**
 * A trace, described for people and for scripts.
 *
 * @param format the format it was read as
 * @param path what was inspected
 * @param sections one a day for directories with several days, else one
 */
public record TraceReport(TraceFormat format, Path path, List<TraceSection> sections) {

    private static final String LABEL = "%-30s";

    public TraceReport {
        sections = List.copyOf(sections);
    }

    /** All invocations of all sections. */
    public long invocations() {
        return sections.stream().mapToLong(TraceSection::invocations).sum();
    }

    /**
     * A JSON object: {@code format}, {@code path}, {@code invocations}, and either the one section's members or
     * {@code days}, a list of sections. Values are strings, numbers, lists and maps.
     */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", format.id());
        json.put("path", path.toString());
        if (sections.size() == 1) {
            json.putAll(sections.get(0).json());
        } else {
            json.put("invocations", invocations());
            json.put("days", sections.stream().map(TraceSection::json).toList());
        }
        return json;
    }

    /** Several lines for a terminal, each section after the other. */
    public String text() {
        StringBuilder out = new StringBuilder();
        line(out, "trace", path + " (" + format.id() + ")");
        if (sections.size() > 1) {
            line(out, "days", sections.size() + ", " + whole(invocations()) + " invocations in all");
        }
        for (TraceSection section : sections) {
            out.append('\n');
            describe(out, section);
        }
        return out.toString();
    }

    private static void describe(StringBuilder out, TraceSection section) {
        for (Path file : section.files()) {
            line(out, "file", file.getFileName().toString());
        }
        line(out, "functions", whole(section.functions()) + " of " + whole(section.apps()) + " apps, "
                + whole(section.owners()) + " owners");
        line(out, "minutes", whole(section.minutes()) + ", " + section.firstMinute() + " to "
                + (section.firstMinute() + section.minutes() - 1));
        line(out, "invocations", whole(section.invocations()));
        out.append('\n').append(String.format(LABEL, ""))
                .append(String.format("%9s %10s %10s %10s %10s %10s %10s %10s %10s%n", "n", "mean",
                "min", "p25", "p50", "p75", "p90", "p99", "max"));
        row(out, "invocations per minute", section.perMinute());
        row(out, "invocations per function", section.perFunction());
        row(out, "gap variation per function", section.gapVariation());
        row(out, "average duration, ms", section.durationMs());
        row(out, "memory, MB", section.memoryMb());
        section.further().forEach((name, summary) -> row(out, name, summary));
        if (section.durationMs().n() > 0) {
            line(out, "mean over invocations, ms", Quantities.digits(section.meanDurationMs()));
        }
        out.append('\n');
        section.triggers().forEach((name, trigger) -> line(out, "trigger " + name,
                whole(trigger.functions()) + " functions, " + whole(trigger.invocations()) + " invocations"));
        line(out, "quirks", section.quirks().isEmpty() ? "none" : Integer.toString(section.quirks().size()));
        for (QuirkCount quirk : section.quirks()) {
            out.append(String.format("%9d  %s; first: %s%n", quirk.count(), quirk.quirk().meaning(),
                    quirk.firstExample()));
        }
    }

    private static void row(StringBuilder out, String name, ValueSummary s) {
        if (s.n() > 0) {
            out.append(String.format(LABEL, name))
                    .append(String.format("%9d %10s %10s %10s %10s %10s %10s %10s %10s%n", s.n(),
                    Quantities.digits(s.mean()), Quantities.digits(s.min()), Quantities.digits(s.p25()),
                    Quantities.digits(s.p50()),
                    Quantities.digits(s.p75()), Quantities.digits(s.p90()), Quantities.digits(s.p99()),
                    Quantities.digits(s.max())));
        }
    }

    private static void line(StringBuilder out, String label, String text) {
        out.append(String.format(LABEL, label)).append(text).append('\n');
    }

    private static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
