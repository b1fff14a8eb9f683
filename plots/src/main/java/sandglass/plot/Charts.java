package sandglass.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import sandglass.plot.FigureSpec.Scale;
import sandglass.result.Interval;

/**
 * The part of a figure that XChart draws: bars, lines and markers on bare axes that fill a rectangle. What stands around it is
 * {@link Frame}'s, because XChart's own labels collide and its error bars are symmetric only.
 */
final class Charts {

    /** Share of a category's width that its bars fill. */
    static final double FILL = 0.78;
    static final List<Marker> MARKERS = List.of(SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.DIAMOND,
            SeriesMarkers.TRIANGLE_UP, SeriesMarkers.TRIANGLE_DOWN);

    private static final Color CLEAR = new Color(255, 255, 255, 0);
    private static final BasicStroke WHISKER = new BasicStroke(1.2f);
    /** Length of a whisker without bound, in pixels. */
    private static final double OPEN = 22;

    private Charts() {}

    /** An empty chart for lines over these axes. */
    static XYChart xy(Rectangle plot, Axis x, Axis y) {
        XYChart chart = new XYChart(plot.width, plot.height);
        bare(chart.getStyler(), y);
        chart.getStyler().setXAxisLogarithmic(x.scale() == Scale.LOG).setXAxisMin(x.low()).setXAxisMax(x.high());
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Line);
        chart.getStyler().setMarkerSize(7);
        return chart;
    }

    /** An empty chart for bars over this axis. */
    static CategoryChart bars(Rectangle plot, Axis y, boolean stacked) {
        CategoryChart chart = new CategoryChart(plot.width, plot.height);
        bare(chart.getStyler(), y);
        chart.getStyler().setAvailableSpaceFill(FILL).setStacked(stacked);
        return chart;
    }

    private static void bare(AxesChartStyler styler, Axis y) {
        styler.setYAxisLogarithmic(y.scale() == Scale.LOG).setYAxisMin(y.low()).setYAxisMax(y.high());
        styler.setAxisTitlesVisible(false).setAxisTicksVisible(false).setPlotMargin(0).setPlotGridLinesVisible(false)
                .setPlotTicksMarksVisible(false);
        styler.setLegendVisible(false).setChartTitleVisible(false).setChartPadding(0).setPlotContentSize(1).setPlotBorderVisible(false)
                .setChartBackgroundColor(CLEAR).setPlotBackgroundColor(CLEAR);
    }

    /** Paints a chart into the rectangle and nothing outside it. */
    static void paint(Graphics2D g, AxesChart<?, ?> chart, Rectangle plot) {
        Shape clip = g.getClip();
        AffineTransform place = g.getTransform();
        g.clip(new Rectangle(plot.x, plot.y - 5, plot.width + 5, plot.height + 5));
        g.translate(plot.x, plot.y);
        chart.paint(g, plot.width, plot.height);
        g.setTransform(place);
        g.setClip(clip);
    }

    /**
     * A vertical line with caps from one end of an interval to the other. An end without bound, or beyond the axis, is an arrow.
     *
     * @param value what the interval is of; an end without bound is drawn a little beyond it
     * @return the highest point drawn, in pixels
     */
    static double whisker(Graphics2D g, Rectangle plot, Axis y, double x, double value, Interval interval, Color color) {
        double at = plot.getMaxY() - y.fraction(value) * plot.height;
        if (!interval.known()) {
            return at;
        }
        double bottom = Double.isFinite(interval.low()) ? plot.getMaxY() - y.fraction(interval.low()) * plot.height : at + OPEN;
        double top = Double.isFinite(interval.high()) ? plot.getMaxY() - y.fraction(interval.high()) * plot.height : at - OPEN;
        g.setColor(color);
        g.setStroke(WHISKER);
        g.draw(new Line2D.Double(x, bottom, x, top));
        cap(g, x, bottom, interval.low() >= y.low() ? 0 : -4);
        cap(g, x, top, interval.high() <= y.high() ? 0 : 4);
        return Math.min(at, top);
    }

    private static void cap(Graphics2D g, double x, double y, double slope) {
        g.draw(new Line2D.Double(x - 4, y + slope, x, y));
        g.draw(new Line2D.Double(x + 4, y + slope, x, y));
    }
}
