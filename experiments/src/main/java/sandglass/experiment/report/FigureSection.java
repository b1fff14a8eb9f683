package sandglass.experiment.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import sandglass.plot.Figure;

/** Figures inside the page, each with its caption and links to its files. */
final class FigureSection {

    private static final Pattern ID = Pattern.compile("(id=\"|url\\(#|href=\"#)(clip[0-9]+)");

    private FigureSection() {}

    static void write(Html html, Path dir, ReportInput.Part part) throws IOException {
        for (Figure figure : part.figures()) {
            html.open("figure", "id", figure.name());
            html.trusted(inline(Files.readString(figure.svg()), figure.name()));
            html.open("figcaption").text(figure.caption()).text(" ");
            link(html, dir, figure.csv(), "CSV");
            link(html, dir, figure.svg(), "SVG");
            link(html, dir, figure.png(), "PNG");
            html.close().close();
        }
    }

    private static void link(Html html, Path dir, Path file, String text) {
        html.element("a", text, "href", dir.toAbsolutePath().relativize(file.toAbsolutePath()).toString().replace('\\', '/'), "class", "file");
    }

    /** The drawing without its declaration; names inside it get the figure's, so that figures of one page do not share clips. */
    private static String inline(String svg, String name) {
        String body = svg.substring(svg.indexOf("<svg"));
        return ID.matcher(body).replaceAll(match -> match.group(1) + name + "-" + match.group(2));
    }
}
