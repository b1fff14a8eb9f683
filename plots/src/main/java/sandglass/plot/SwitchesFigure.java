package sandglass.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sandglass.result.LedgerEntry;
import sandglass.result.Metrics;
import sandglass.result.RunResult;
import sandglass.scenario.ModeSwitch;
import sandglass.unit.Unit;

/**
 * The mode-switch table: rows are the values of an axis, columns the kinds of switch, cells how many of them one invocation costs, shaded on
 * a logarithmic scale, with their time below. Drawn without XChart, whose heat map has one text for all cells.
 */
final class SwitchesFigure {

    private static final int ROW = 40;
    private static final int TOP = 86;
    private static final Color FULL = new Color(0x0072B2);

    /** Switches of one kind and their time in ns, over the runs of a row. */
    private record Cell(long count, long ns) {
        Cell plus(LedgerEntry entry) {
            return new Cell(count + entry.count(), ns + entry.ns());
        }
    }

    private final List<Groups.Group> rows;
    private final List<ModeSwitch> kinds;
    private final Map<Groups.Group, Map<ModeSwitch, Cell>> cells = new LinkedHashMap<>();
    private final Map<Groups.Group, Double> invocations = new LinkedHashMap<>();
    private final double most;

    private SwitchesFigure(FigureSpec.Switches spec, List<RunResult> results) {
        rows = Groups.of(results, "", List.of(spec.rows()));
        for (Groups.Group row : rows) {
            Map<ModeSwitch, Cell> sums = new EnumMap<>(ModeSwitch.class);
            for (RunResult run : row.runs()) {
                for (LedgerEntry entry : run.ledger()) {
                    sums.put(entry.kind(), sums.getOrDefault(entry.kind(), new Cell(0, 0)).plus(entry));
                }
            }
            cells.put(row, sums);
            invocations.put(row, invocations(row.runs()));
        }
        kinds = Arrays.stream(ModeSwitch.values()).filter(kind -> cells.values().stream().anyMatch(row -> row.containsKey(kind)))
                .toList();
        if (kinds.isEmpty()) {
            throw new FigureException("figure switches: no result has an entry in its ledger");
        }
        most = rows.stream().flatMapToDouble(row -> kinds.stream().mapToDouble(kind -> each(row, kind))).max().orElse(1);
    }

    static Drawing draw(FigureSpec.Switches spec, List<RunResult> results) {
        SwitchesFigure figure = new SwitchesFigure(spec, results);
        String title = Captions.title(spec, "Mode switches per invocation");
        int height = 2 * Frame.MARGIN + TOP + ROW * figure.rows.size();
        return new Drawing(title, "Mode switches of each kind over all phases, divided by completed invocations; below, their time. "
                + "Darker is more, on a logarithmic scale; empty cells have none.", Frame.WIDTH, height, figure.table(),
                g -> figure.paint(g, title, height));
    }

    private static double invocations(List<RunResult> runs) {
        double completed = runs.stream().flatMap(run -> run.measurement(Metrics.INVOCATIONS.id()).stream())
                .mapToDouble(m -> m.samples().n() == 0 ? 0 : m.samples().mean() * m.samples().n()).sum();
        return completed > 0 ? completed : runs.size();
    }

    private double each(Groups.Group row, ModeSwitch kind) {
        Cell cell = cells.get(row).get(kind);
        return cell == null ? 0 : cell.count() / invocations.get(row);
    }

    private static String name(ModeSwitch kind) {
        return switch (kind) {
            case STAGE2_FAULT -> "stage-2 fault";
            case PIO_EXIT -> "PIO exit";
            case MMIO_EXIT -> "MMIO exit";
            default -> kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    private Table table() {
        List<String> columns = new ArrayList<>(rows.get(0).values().keySet());
        columns.addAll(List.of("switch", "count_per_invocation", "ns_per_invocation", "invocations"));
        Table table = new Table(columns);
        for (Groups.Group row : rows) {
            for (ModeSwitch kind : kinds) {
                Cell cell = cells.get(row).getOrDefault(kind, new Cell(0, 0));
                table.add(row.values().values(), kind, each(row, kind), cell.ns() / invocations.get(row), invocations.get(row));
            }
        }
        return table;
    }

    private void paint(Graphics2D g, String title, int height) {
        g.setColor(Palette.PAPER);
        g.fill(new Rectangle2D.Double(0, 0, Frame.WIDTH, height));
        g.setColor(Palette.INK);
        Text.draw(g, title, Text.TITLE, Frame.MARGIN, Frame.MARGIN + 14, 0);
        double widest = rows.stream().mapToDouble(row -> Text.width(row.label(), Text.STRONG)).max().orElse(0);
        double left = Frame.MARGIN + Math.min(260, widest) + 14;
        double width = (Frame.WIDTH - Frame.MARGIN - left) / kinds.size();
        double top = Frame.MARGIN + TOP;
        g.setColor(Palette.GREY);
        Text.draw(g, "Count over all phases for one completed invocation, and its time", Text.BODY, Frame.MARGIN, Frame.MARGIN + 36, 0);
        for (int column = 0; column < kinds.size(); column++) {
            List<String> lines = Text.wrap(name(kinds.get(column)), Text.BODY, width - 6);
            for (int line = 0; line < lines.size(); line++) {
                Text.draw(g, lines.get(line), Text.BODY, left + (column + 0.5) * width, top - 8 - Text.LINE * (lines.size() - 1 - line), 0.5);
            }
        }
        for (int row = 0; row < rows.size(); row++) {
            double y = top + row * ROW;
            g.setColor(Palette.INK);
            List<String> lines = Text.wrap(rows.get(row).label(), Text.STRONG, left - Frame.MARGIN - 10);
            for (int line = 0; line < lines.size(); line++) {
                Text.draw(g, lines.get(line), Text.STRONG, Frame.MARGIN, y + ROW / 2.0 + 4 + Text.LINE * (line - (lines.size() - 1) / 2.0), 0);
            }
            for (int column = 0; column < kinds.size(); column++) {
                paintCell(g, rows.get(row), kinds.get(column), new Rectangle2D.Double(left + column * width + 1, y + 1, width - 2, ROW - 2));
            }
        }
    }

    private void paintCell(Graphics2D g, Groups.Group row, ModeSwitch kind, Rectangle2D box) {
        double count = each(row, kind);
        double shade = count == 0 ? 0 : 0.12 + 0.88 * Math.log1p(count) / Math.log1p(most);
        g.setColor(count == 0 ? new Color(0xF6F6F6) : Palette.tint(FULL, 1 - shade));
        g.fill(box);
        if (count == 0) {
            return;
        }
        g.setColor(shade > 0.68 ? Color.WHITE : Palette.INK);
        Text.draw(g, Human.digits(count, 3), Text.STRONG, box.getCenterX(), box.getCenterY() - 1, 0.5);
        Text.draw(g, Human.value(cells.get(row).get(kind).ns() / invocations.get(row), Unit.NANOSECONDS), Text.SMALL, box.getCenterX(),
                box.getCenterY() + 13, 0.5);
    }
}
