package sandglass.experiment.report;

import java.util.List;

/** Tables in one style. */
final class Rows {

    private Rows() {}

    /** Opens a table with these headings; those from {@code firstNumber} on stand to the right. */
    static void open(Html html, List<String> headings, int firstNumber) {
        html.open("div", "class", "scroll").open("table").open("thead").open("tr");
        for (int i = 0; i < headings.size(); i++) {
            html.element("th", headings.get(i), "scope", "col", "class", i >= firstNumber ? "number" : "word");
        }
        html.close().close().open("tbody");
    }

    static void close(Html html) {
        html.close().close().close();
    }

    static void words(Html html, String... cells) {
        for (String cell : cells) {
            html.element("td", cell);
        }
    }

    static void number(Html html, String cell) {
        html.element("td", cell, "class", "number");
    }

    /** A bar of a share from 0 to 1 with its text. */
    static void share(Html html, double share, String kind, String text) {
        html.open("td", "class", "share").open("span", "class", "track").open("span", "class", "fill " + kind, "style",
                "width:" + Math.round(1000 * share) / 10.0 + "%").close().close().element("span", text, "class", "percent").close();
    }

    /** A row that spans a table which has nothing to show. */
    static void heading(Html html, String id, String text) {
        html.element("h2", text, "id", id);
    }
}
