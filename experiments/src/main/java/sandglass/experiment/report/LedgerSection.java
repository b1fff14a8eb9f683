package sandglass.experiment.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import sandglass.plot.Human;
import sandglass.result.LedgerEntry;
import sandglass.result.Metrics;
import sandglass.result.RunResult;
import sandglass.result.Summary;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.unit.Unit;

/** The ledger of mode switches of a part: counts for one completed invocation, by scenario, phase and kind. */
final class LedgerSection {

    private static final int MOST_ROWS = 400;

    private LedgerSection() {}

    static void write(Html html, ReportInput.Part part) {
        List<ModeSwitch> kinds = Arrays.stream(ModeSwitch.values()).filter(kind -> part.results().stream()
                .anyMatch(run -> run.ledger().stream().anyMatch(entry -> entry.kind() == kind))).toList();
        if (kinds.isEmpty()) {
            return;
        }
        html.open("details").open("summary").element("strong", "Mode-switch ledger").text(" for one completed invocation, time in brackets")
                .close();
        List<String> headings = new ArrayList<>(List.of("Scenario", "phase"));
        kinds.forEach(kind -> headings.add(kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        Rows.open(html, headings, 2);
        int rows = 0;
        for (List<RunResult> runs : Summary.byScenario(part.results()).values()) {
            for (Phase phase : Phase.values()) {
                if (rows < MOST_ROWS && runs.stream().anyMatch(run -> run.ledger().stream().anyMatch(entry -> entry.phase() == phase))) {
                    row(html, runs, phase, kinds);
                    rows++;
                }
            }
        }
        Rows.close(html);
        if (rows == MOST_ROWS) {
            html.element("p", "Further rows are in results.jsonl.", "class", "note");
        }
        html.close();
    }

    private static void row(Html html, List<RunResult> runs, Phase phase, List<ModeSwitch> kinds) {
        double invocations = Math.max(1, runs.stream().flatMap(run -> run.measurement(Metrics.INVOCATIONS.id()).stream())
                .mapToDouble(m -> m.samples().n() == 0 ? 0 : m.samples().mean() * m.samples().n()).sum());
        html.open("tr").element("td", label(runs.get(0)), "class", "name").element("td", phase.name());
        for (ModeSwitch kind : kinds) {
            List<LedgerEntry> entries = runs.stream().flatMap(run -> run.ledger().stream())
                    .filter(entry -> entry.phase() == phase && entry.kind() == kind).toList();
            long count = entries.stream().mapToLong(LedgerEntry::count).sum();
            double ns = entries.stream().mapToLong(LedgerEntry::ns).sum() / invocations;
            Rows.number(html, count == 0 ? "" : Human.digits(count / invocations, 4) + " (" + Human.value(ns, Unit.NANOSECONDS) + ")");
        }
        html.close();
    }

    /** A scenario by what varies. */
    static String label(RunResult run) {
        Map<String, String> axes = new TreeMap<>(run.axes());
        axes.remove("stack");
        List<String> words = new ArrayList<>(List.of(run.stack()));
        axes.forEach((axis, value) -> words.add(Human.axis(axis) + " " + value));
        return String.join(", ", words);
    }
}
