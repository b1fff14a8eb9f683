package sandglass.experiment.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import sandglass.result.RunResult;

/** Writes {@code report.html}: one file with everything in it, no script, no reference to anything but the figures' own files beside it. */
public final class ReportWriter {

    private ReportWriter() {}

    /**
     * Writes {@code report.html} into the directory.
     *
     * @return the file
     * @throws UncheckedIOException if it cannot be written, or a figure not read
     */
    public static Path write(Path dir, ReportInput input) {
        Path file = dir.resolve("report.html");
        try {
            Files.createDirectories(dir);
            Files.writeString(file, page(dir, input));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return file;
    }

    private static String page(Path dir, ReportInput input) throws IOException {
        Html html = new Html();
        html.trusted("<!DOCTYPE html>\n").open("html", "lang", "en").open("head").trusted("<meta charset=\"utf-8\">\n")
                .trusted("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .element("title", input.name() + " – Sandglass").open("style").trusted(style()).close().close().open("body");
        html.open("header").element("p", "Sandglass report", "class", "kicker").element("h1", input.name());
        if (!input.question().isBlank()) {
            html.element("p", input.question(), "class", "question");
        }
        html.element("p", extent(input), "class", "extent").close().open("main");
        if (input.parts().size() > 1) {
            contents(html, input);
        }
        VerdictSection.answer(html, input.claims(), input.comparisons());
        VerdictSection.claims(html, input.claims());
        VerdictSection.comparisons(html, input.comparisons());
        for (ReportInput.Part part : input.parts()) {
            part(html, dir, part, input.parts().size() > 1);
        }
        ParameterSection.write(html, input.results(), input.calibration());
        OriginSection.warnings(html, input);
        OriginSection.reproduce(html, input);
        return html.close().close().close().finish();
    }

    private static String extent(ReportInput input) {
        List<RunResult> results = input.results();
        long scenarios = results.stream().map(RunResult::scenarioId).distinct().count();
        String executors = results.stream().map(RunResult::executor).distinct().collect(Collectors.joining(" and "));
        return scenarios + (scenarios == 1 ? " scenario, " : " scenarios, ") + results.size() + (results.size() == 1 ? " run by " : " runs by ")
                + executors + input.calibration().map(c -> ", costs from calibration " + c.name()).orElse("") + ". Intervals are at 95 %.";
    }

    private static void contents(Html html, ReportInput input) {
        html.open("nav");
        if (!input.claims().isEmpty()) {
            html.element("a", "Claims", "href", "#claims");
        }
        input.parts().forEach(part -> html.element("a", part.name(), "href", "#part-" + part.name()));
        html.element("a", "What the numbers rest on", "href", "#parameters").element("a", "Warnings", "href", "#warnings")
                .element("a", "Reproduce", "href", "#reproduce").close();
    }

    private static void part(Html html, Path dir, ReportInput.Part part, boolean named) throws IOException {
        html.open("section", "id", "part-" + part.name());
        if (named) {
            html.element("h2", part.name());
            if (!part.question().isBlank()) {
                html.element("p", part.question(), "class", "question");
            }
        }
        TraceSentence.of(part.results()).ifPresent(sentence -> html.element("p", sentence));
        List<String> answer = Answer.of(part);
        if (!answer.isEmpty()) {
            html.open("div", "class", "answer");
            answer.forEach(sentence -> html.element("p", sentence));
            html.close();
        }
        FigureSection.write(html, dir, part);
        SummarySection.write(html, part);
        LedgerSection.write(html, part);
        OriginSection.facts(html, part);
        html.close();
    }

    private static String style() throws IOException {
        try (InputStream css = ReportWriter.class.getResourceAsStream("report.css")) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
