package sandglass.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.style.markers.Marker;

/**
 * Everything around the plotted data: title, what is shown, legend above the plot (so that it never covers data), labels along the axes, grid. The
 * data itself is painted by {@link Content} into the rectangle that remains.
 *
 * @param shows what the vertical axis means, written above it
 * @param bottom, left labels along the axes
 */
record Frame(String title, String shows, List<Key> keys, Edge bottom, Edge left) {

    static final int WIDTH = 900;
    static final int HEIGHT = 500;
    static final int MARGIN = 18;

    private static final BasicStroke HAIR = new BasicStroke(1f);
    private static final int SWATCH = 12;
    private static final int LINE_SWATCH = 26;
    private static final int KEY_GAP = 20;

    /**
     * A legend entry.
     *
     * @param stroke line of the entry; null for a filled box
     * @param marker on the line; null for none
     */
    record Key(String label, Color color, BasicStroke stroke, Marker marker) {
        double width() {
            return (stroke == null ? SWATCH : LINE_SWATCH) + 6 + Text.width(label, Text.BODY) + KEY_GAP;
        }
    }

    /**
     * Labels along one side.
     *
     * @param title what the side means; empty for none
     * @param grid whether each label has a grid line
     */
    record Edge(String title, List<Label> labels, boolean grid) {

        /** A label at a position from 0 to 1. */
        record Label(double at, String text) {}

        static Edge of(Axis axis, boolean grid) {
            return new Edge(axis.title(), axis.ticks().stream().map(t -> new Label(axis.fraction(t.value()), t.label())).toList(), grid);
        }

        /** One label in the middle of each of equal parts. */
        static Edge of(String title, List<String> categories) {
            List<Label> labels = new ArrayList<>();
            for (int i = 0; i < categories.size(); i++) {
                labels.add(new Label((i + 0.5) / categories.size(), categories.get(i)));
            }
            return new Edge(title, labels, false);
        }
    }

    /** Paints the data into a rectangle. */
    @FunctionalInterface
    interface Content {
        void paint(Graphics2D g, Rectangle plot);
    }

    void paint(Graphics2D g, Content content) {
        g.setColor(Palette.PAPER);
        g.fill(new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        g.setColor(Palette.INK);
        int y = MARGIN + 14;
        for (String line : Text.wrap(title, Text.TITLE, WIDTH - 2 * MARGIN)) {
            Text.draw(g, line, Text.TITLE, MARGIN, y, 0);
            y += 20;
        }
        y = paintKeys(g, y + 4);
        g.setColor(Palette.GREY);
        Text.draw(g, shows, Text.BODY, MARGIN, y + 6, 0);

        double widest = left.labels().stream().mapToDouble(label -> Text.width(label.text(), Text.SMALL)).max().orElse(0);
        int plotLeft = (int) Math.ceil(MARGIN + widest + 8);
        double overhang = bottom.labels().isEmpty() || !bottom.grid() ? 0
                : Text.width(bottom.labels().get(bottom.labels().size() - 1).text(), Text.SMALL) / 2;
        int plotRight = (int) (WIDTH - Math.max(MARGIN, overhang + 6));
        List<List<String>> captions = bottomLines(plotRight - plotLeft);
        int lines = captions.stream().mapToInt(List::size).max().orElse(0);
        int plotBottom = HEIGHT - MARGIN - (bottom.title().isEmpty() ? 0 : 22) - lines * Text.LINE - 2;
        Rectangle plot = new Rectangle(plotLeft, y + 26, plotRight - plotLeft, plotBottom - y - 26);

        paintGrid(g, plot);
        content.paint(g, plot);
        paintLabels(g, plot, captions);
    }

    private List<List<String>> bottomLines(double width) {
        double slot = width / Math.max(1, bottom.labels().size());
        return bottom.labels().stream().map(label -> Text.wrap(label.text(), Text.SMALL, bottom.grid() ? width : slot - 6)).toList();
    }

    private int paintKeys(Graphics2D g, int top) {
        double x = MARGIN;
        int y = top;
        for (Key key : keys) {
            if (x > MARGIN && x + key.width() > WIDTH - MARGIN + KEY_GAP) {
                x = MARGIN;
                y += 19;
            }
            int swatch = SWATCH;
            g.setColor(key.color());
            if (key.stroke() == null) {
                g.fill(new Rectangle2D.Double(x, y - 4, SWATCH, SWATCH));
            } else {
                swatch = LINE_SWATCH;
                g.setStroke(key.stroke());
                g.draw(new Line2D.Double(x, y + 2, x + LINE_SWATCH, y + 2));
                if (key.marker() != null) {
                    key.marker().paint(g, x + LINE_SWATCH / 2.0, y + 2, 7);
                }
            }
            g.setColor(Palette.INK);
            Text.draw(g, key.label(), Text.BODY, x + swatch + 6, y + 6, 0);
            x += key.width();
        }
        return keys.isEmpty() ? top - 4 : y + 24;
    }

    private void paintGrid(Graphics2D g, Rectangle plot) {
        g.setStroke(HAIR);
        g.setColor(Palette.GRID);
        if (left.grid()) {
            for (Edge.Label label : left.labels()) {
                double y = plot.getMaxY() - label.at() * plot.height;
                g.draw(new Line2D.Double(plot.x, y, plot.getMaxX(), y));
            }
        }
        if (bottom.grid()) {
            for (Edge.Label label : bottom.labels()) {
                double x = plot.x + label.at() * plot.width;
                g.draw(new Line2D.Double(x, plot.y, x, plot.getMaxY()));
            }
        }
    }

    private void paintLabels(Graphics2D g, Rectangle plot, List<List<String>> captions) {
        g.setColor(Palette.LINE);
        g.setStroke(HAIR);
        g.draw(new Line2D.Double(plot.x, plot.getMaxY(), plot.getMaxX(), plot.getMaxY()));
        g.setColor(Palette.INK);
        for (Edge.Label label : left.labels()) {
            Text.draw(g, label.text(), Text.SMALL, plot.x - 6, plot.getMaxY() - label.at() * plot.height + 4, 1);
        }
        double free = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < captions.size(); i++) {
            double x = plot.x + bottom.labels().get(i).at() * plot.width;
            double width = captions.get(i).stream().mapToDouble(line -> Text.width(line, Text.SMALL)).max().orElse(0);
            if (bottom.grid() && x - width / 2 < free) {
                continue;
            }
            for (int line = 0; line < captions.get(i).size(); line++) {
                Text.draw(g, captions.get(i).get(line), Text.SMALL, x, plot.getMaxY() + Text.LINE * (line + 1), 0.5);
            }
            free = x + width / 2 + 8;
        }
        g.setColor(Palette.GREY);
        Text.draw(g, bottom.title(), Text.BODY, plot.getCenterX(), HEIGHT - MARGIN, 0.5);
    }
}
