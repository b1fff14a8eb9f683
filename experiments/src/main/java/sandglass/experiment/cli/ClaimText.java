package sandglass.experiment.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sandglass.experiment.claims.ClaimRow;
import sandglass.experiment.read.ExperimentFile;

/** The claims table for a terminal or a script. */
final class ClaimText {

    private static final int PAPER_COLUMNS = 40;
    private static final int SIMULATION_COLUMNS = 52;
    private static final int MEASURED_COLUMNS = 44;
    private static final int VERDICT_COLUMNS = 13;
    private static final int RESTS_COLUMNS = 36;

    private ClaimText() {}

    static String json(List<ClaimRow> claims) {
        List<Map<String, String>> list = new ArrayList<>();
        for (ClaimRow row : claims) {
            Map<String, String> one = new LinkedHashMap<>();
            one.put("claim", row.id());
            one.put("paper", row.paper());
            one.put("simulation", row.simulation());
            one.put("measured", row.measured().figures());
            one.put("measured_verdict", row.measured().figures().isEmpty() ? "not measured" : row.measured().verdict().label());
            one.put("measured_reason", row.measured().reason());
            one.put("verdict", row.verdict().label());
            one.put("rests_on", row.restsOn());
            list.add(one);
        }
        return Json.text(list);
    }

    static String of(ExperimentFile.Suite suite, List<Runner.Done> members, List<ClaimRow> claims, Path report) {
        TextTable runs = new TextTable().row("experiment", "runs", "stored before", "figures", "question");
        members.forEach(done -> runs.row(done.experiment().name(), Integer.toString(done.results().size()), Integer.toString(done.reused()),
                Integer.toString(done.figures().size()), done.experiment().question()));
        TextTable table = new TextTable(0, PAPER_COLUMNS, SIMULATION_COLUMNS, MEASURED_COLUMNS, VERDICT_COLUMNS, RESTS_COLUMNS)
                .row("claim", "the paper", "the simulation", "measured", "verdict", "rests on");
        claims.forEach(row -> table.row(row.id(), row.paper(), row.simulation(), row.measured().text(), row.verdict().label(), row.restsOn()));
        return suite.name() + ": " + suite.question() + "\n\n" + runs.text() + "\n" + report + " tells it all\n\n" + table.text();
    }
}
