package sandglass.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.experiment.claims.ClaimRow;
import sandglass.experiment.claims.ClaimVerdict;
import sandglass.experiment.claims.MeasuredFinding;
import sandglass.plot.Figure;
import sandglass.plot.FigureSpec;
import sandglass.plot.Figures;
import sandglass.result.Clock;
import sandglass.result.Comparison;
import sandglass.result.Guard;
import sandglass.result.LedgerEntry;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.ParameterUse;
import sandglass.result.RunProvenance;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.result.Unsupported;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** The page against what went into it. */
class ReportWriterTest {

    private static final String EVIL = "<script>alert('\"x\" & y')</script>";

    @TempDir
    private Path dir;

    @Test
    void holdsEverythingThatWentIn() throws IOException {
        // Oracle: the input; every name, number and sentence given must be found.
        String page = page(input("question"));

        assertThat(page).contains("C1", "The paper &lt;says&gt; so.", "does not hold", "Of 1 claims, 1 does not hold (C1).")
                .contains("usetl.init", "container.create", "published it as such", "nobody measured it")
                .contains("./sandglass run test.yaml --seed 7", "sha256:cafe", "sha256:test.usetl.create", "trace.replayed.invocations", "12 345")
                .contains("first create slower", "emulated_insn is 9, limit 1", "recycle: no pages", "a figure failed")
                .contains("Of 1 scenarios compared, 1 AGREES.")
                .contains("<summary><strong>Waiting time</strong>", "class=\"id\">wait</span>");
        for (Figure figure : input("question").parts().get(0).figures()) {
            assertThat(page).contains("<figure id=\"" + figure.name() + "\">", Html.escaped(figure.caption()),
                    "href=\"figures/" + figure.name() + ".csv\"", "href=\"figures/" + figure.name() + ".png\"");
        }
    }

    @Test
    void refersToNothingOutsideAndRunsNothing() throws IOException {
        // Oracle: every reference in the page is an anchor of the page itself or a file that exists beside it.
        String page = page(input("question"));
        Matcher references = Pattern.compile("(?:href|src|action|data)=\"([^\"]*)\"").matcher(page);
        int found = 0;
        while (references.find()) {
            String target = references.group(1);
            if (target.startsWith("#")) {
                assertThat(page).contains("id=\"" + target.substring(1) + "\"");
            } else {
                assertThat(dir.resolve(target)).exists();
            }
            found++;
        }
        assertThat(found).isGreaterThan(5);
        assertThat(page).doesNotContain("<script", "<link", "<iframe", "<img", "@import", "url(http");
        assertThat(page.replaceAll("xmlns(:xlink)?=\"http[^\"]*\"", "")).doesNotContain("http");
    }

    @Test
    void everyElementIsClosedAndNamesAreUnique() throws IOException {
        // Oracle: a count of tags, since a browser would hide the mistake, and the rule that an id occurs once.
        String page = page(input("question"));
        for (String tag : List.of("div", "table", "tr", "td", "th", "details", "summary", "section", "figure", "figcaption", "span", "a", "p")) {
            assertThat(page.split("<" + tag + "[ >]", -1)).as(tag).hasSameSizeAs(page.split("</" + tag + ">", -1));
        }
        List<String> ids = new ArrayList<>();
        Matcher matcher = Pattern.compile(" id=\"([^\"]*)\"").matcher(page);
        while (matcher.find()) {
            ids.add(matcher.group(1));
        }
        assertThat(ids).doesNotHaveDuplicates();
        Matcher clips = Pattern.compile("url\\(#([^)]*)\\)").matcher(page);
        while (clips.find()) {
            assertThat(ids).contains(clips.group(1));
        }
    }

    @Test
    void escapesWhateverItIsGiven() throws IOException {
        // Oracle: the rules of HTML; the text must be there escaped and never raw.
        String page = page(input(EVIL));

        assertThat(page).doesNotContain("<script").contains("&lt;script&gt;alert(&#39;&quot;x&quot; &amp; y&#39;)&lt;/script&gt;");
    }

    @Test
    void sameInputGivesTheSamePage() throws IOException {
        // Oracle: the first page.
        assertThat(page(input("question"))).isEqualTo(page(input("question")));
    }

    @Test
    void answersWithBestAndWorstAndTheRatioOfPairs() {
        // Oracle: by hand. Replication means 100 and 110 against 200 and 220: the ratio is 2 in every pair.
        List<RunResult> results = List.of(run("usetl", "create", 0, 100), run("usetl", "create", 1, 110), run("container", "create", 0, 200),
                run("container", "create", 1, 220));
        List<String> answer = Answer.of(new ReportInput.Part("test", "", results, List.of()));

        assertThat(answer).hasSize(1);
        assertThat(answer.get(0)).startsWith("With start = create, mean waiting time").contains("usetl").contains("container");
        assertThat(Answer.of(new ReportInput.Part("test", "", many("usetl", 100, "container", 200), List.of())).get(0))
                .contains("lowest with usetl, 100 ns ± ").contains("highest with container, 200 ns ± ").endsWith("a factor of 2.");
        assertThat(Answer.of(new ReportInput.Part("test", "", many("usetl", 100, "container", 100.001), List.of())).get(0))
                .contains("cannot be told apart between");
    }

    private List<RunResult> many(String first, double a, String second, double b) {
        List<RunResult> results = new ArrayList<>();
        for (int replication = 0; replication < 10; replication++) {
            results.add(run(first, "create", replication, a * (1 + 0.01 * Math.sin(replication))));
            results.add(run(second, "create", replication, b * (1 + 0.01 * Math.sin(replication))));
        }
        return results;
    }

    private String page(ReportInput input) throws IOException {
        return Files.readString(ReportWriter.write(dir, input));
    }

    private ReportInput input(String question) {
        List<RunResult> results = new ArrayList<>();
        for (String stack : List.of("container", "usetl")) {
            for (String start : List.of("create", "pool")) {
                for (int replication = 0; replication < 3; replication++) {
                    results.add(run(stack, start, replication, start.length() * 1000 + 10 * replication));
                }
            }
        }
        FigureSpec bars = new FigureSpec.Bars("wait", FigureSpec.Statistic.MEAN, "stack", List.of("start"), FigureSpec.Scale.LOG, "", Map.of());
        FigureSpec ecdf = new FigureSpec.Ecdf("wait", List.of("stack"), FigureSpec.Scale.LINEAR, EVIL, Map.of("start", "pool"));
        FigureSpec bars2 = new FigureSpec.Bars("wait", FigureSpec.Statistic.P50, "start", List.of("stack"), FigureSpec.Scale.LINEAR, "", Map.of());
        List<Figure> figures = List.of(bars, ecdf, bars2).stream().map(spec -> Figures.draw(spec, results, dir.resolve("figures"))).toList();
        Calibration calibration = new Calibration("published", "sha256:cafe", Map.of("container.create", new Parameter("container.create",
                Unit.NANOSECONDS, Distribution.LogNormal.ofMedianAndP99(5e7, 9e7), new Provenance.Published("runc", "create", "a paper",
                        "published it as such")), "usetl.init", new Parameter("usetl.init", Unit.NANOSECONDS, new Distribution.Constant(4e5),
                        new Provenance.Assumed("nobody measured it"))));
        RunResult predicted = results.get(0);
        return new ReportInput("test", question, List.of(new ReportInput.Part("test", question, results, figures)),
                List.of(new ClaimRow("C1", "The paper <says> so.", "1 ms",
                        new MeasuredFinding("2 ms", ClaimVerdict.HOLDS, ""), ClaimVerdict.DOES_NOT_HOLD, "figure-6")),
                List.of(Comparison.of(withoutGuards(predicted), withoutGuards(predicted))), Optional.of(calibration),
                "./sandglass run test.yaml --seed 7", List.of("a figure failed"));
    }

    private static RunResult withoutGuards(RunResult r) {
        return new RunResult(r.scenarioId(), r.digest(), r.experiment(), r.stack(), r.role(), r.axes(), r.spec(), r.tolerances(), r.seed(),
                r.replication(), r.executor(), r.provenance(), r.measurements(), r.series(), r.ledger(), List.of(), List.of(), r.parameters(),
                r.facts(), r.warnings());
    }

    private static RunResult run(String stack, String start, int replication, double wait) {
        String id = "test." + stack + "." + start;
        return new RunResult(id, "sha256:" + id, "test", stack, Scenario.Role.VALIDATE, Map.of("stack", stack, "start", start), "{}", Map.of(), 7,
                replication, "sim", new RunProvenance("0.1.0", "17", Map.of(), "sha256:cafe"),
                List.of(raw(Metrics.WAIT, wait), raw(Metrics.INVOCATIONS, 1)), List.of(),
                List.of(new LedgerEntry(Phase.RUN, ModeSwitch.SYSCALL, 3, 600)), List.of(new Guard("emulated_insn", 9, 1, false)),
                List.of(new Unsupported("recycle", "no pages")), List.of(new ParameterUse("container.create", "published", 900),
                        new ParameterUse("usetl.init", "assumed", 100)), Map.of("trace.replayed.invocations", "12345"),
                List.of("first create slower"));
    }

    private static Measurement raw(Metric metric, double... values) {
        return new Measurement(metric, Clock.VIRTUAL, Samples.Raw.of(values));
    }
}
