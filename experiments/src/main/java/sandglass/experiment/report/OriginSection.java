package sandglass.experiment.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import sandglass.plot.Human;
import sandglass.result.Guard;
import sandglass.result.RunResult;

/** What surrounds the numbers: facts, warnings, guards, what could not be measured, and how to get the numbers again. */
final class OriginSection {

    private OriginSection() {}

    static void facts(Html html, ReportInput.Part part) {
        Map<String, Map<String, Set<String>>> facts = new TreeMap<>();
        for (RunResult run : part.results()) {
            run.facts().forEach((name, value) -> facts.computeIfAbsent(name, n -> new LinkedHashMap<>())
                    .computeIfAbsent(value, v -> new LinkedHashSet<>()).add(LedgerSection.label(run)));
        }
        if (facts.isEmpty()) {
            return;
        }
        html.open("details", "open", "open").open("summary").element("strong", "Facts about the input").close();
        Rows.open(html, List.of("Fact", "value", "in"), 9);
        facts.forEach((name, values) -> values.forEach((value, scenarios) -> {
            html.open("tr").element("td", name, "class", "name");
            Rows.words(html, value.chars().allMatch(Character::isDigit) && value.length() < 15 && !value.isEmpty()
                    ? Human.digits(Double.parseDouble(value), 15) : value,
                    values.size() == 1 ? "every run" : some(scenarios));
            html.close();
        }));
        Rows.close(html);
        html.close();
    }

    static void warnings(Html html, ReportInput input) {
        Map<String, Set<String>> warnings = collect(input, run -> run.warnings());
        Map<String, Set<String>> unsupported = collect(input, run -> run.unsupported().stream()
                .map(u -> u.metric() + ": " + u.reason()).toList());
        Map<String, Set<String>> broken = collect(input, run -> run.guards().stream().filter(guard -> !guard.ok())
                .map(OriginSection::describe).toList());
        long held = input.results().stream().flatMap(run -> run.guards().stream()).filter(Guard::ok).count();
        Rows.heading(html, "warnings", "Warnings and limits");
        list(html, "bad", "What went wrong as a whole", input.warnings().stream()
                .collect(Collectors.toMap(w -> w, w -> Set.<String>of(), (a, b) -> a, LinkedHashMap::new)));
        list(html, "bad", "Guards that do not hold: these measurements do not count", broken);
        list(html, "", "Warnings", warnings);
        list(html, "", "Not supported", unsupported);
        if (held > 0) {
            html.element("p", Human.digits(held, 12) + " guards held.");
        }
        if (input.warnings().isEmpty() && broken.isEmpty() && warnings.isEmpty() && unsupported.isEmpty()) {
            html.element("p", "None.");
        }
    }

    private static String describe(Guard guard) {
        return guard.name() + " is " + Human.digits(guard.value(), 6) + ", limit " + Human.digits(guard.limit(), 6);
    }

    private static Map<String, Set<String>> collect(ReportInput input, Function<RunResult, List<String>> lines) {
        Map<String, Set<String>> found = new LinkedHashMap<>();
        input.results().forEach(run -> lines.apply(run).forEach(
                line -> found.computeIfAbsent(line, l -> new LinkedHashSet<>()).add(LedgerSection.label(run))));
        return found;
    }

    private static void list(Html html, String kind, String heading, Map<String, Set<String>> lines) {
        if (lines.isEmpty()) {
            return;
        }
        html.element("h3", heading).open("ul", "class", kind);
        lines.forEach((line, scenarios) -> {
            html.open("li").text(line);
            if (!scenarios.isEmpty()) {
                html.element("span", " in " + some(scenarios), "class", "note");
            }
            html.close();
        });
        html.close();
    }

    private static String some(Set<String> scenarios) {
        List<String> first = new ArrayList<>(scenarios).subList(0, Math.min(4, scenarios.size()));
        return String.join("; ", first) + (scenarios.size() > first.size() ? " and " + (scenarios.size() - first.size()) + " more" : "");
    }

    static void reproduce(Html html, ReportInput input) {
        List<RunResult> results = input.results();
        Rows.heading(html, "reproduce", "The same numbers again");
        html.element("pre", input.command());
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("Seed", distinct(results, run -> Long.toString(run.seed())));
        lines.put("Executor", distinct(results, RunResult::executor));
        lines.put("Version", distinct(results, run -> run.provenance().version()));
        lines.put("Java", distinct(results, run -> run.provenance().jdk()));
        lines.put("Calibration", input.calibration().map(c -> c.name() + ", " + c.digest())
                .orElse(distinct(results, run -> run.provenance().calibration())));
        lines.put("Host", distinct(results, run -> run.provenance().host().entrySet().stream().map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "))));
        lines.put("Runs", results.size() + " of " + results.stream().map(RunResult::scenarioId).distinct().count() + " scenarios");
        Rows.open(html, List.of("", ""), 9);
        lines.forEach((name, value) -> {
            if (!value.isBlank()) {
                html.open("tr").element("td", name, "class", "name").element("td", value, "class", "code").close();
            }
        });
        Rows.close(html);
        html.open("details").open("summary").element("strong", "Scenarios").text(" and the digests of their content").close();
        Rows.open(html, List.of("Scenario", "digest"), 9);
        results.stream().collect(Collectors.toMap(RunResult::scenarioId, RunResult::digest, (a, b) -> a, LinkedHashMap::new))
                .forEach((id, digest) -> html.open("tr").element("td", id, "class", "name").element("td", digest, "class", "code").close());
        Rows.close(html);
        html.close();
    }

    private static String distinct(List<RunResult> results, Function<RunResult, String> of) {
        return results.stream().map(of).distinct().filter(value -> !value.isBlank()).collect(Collectors.joining("; "));
    }
}
