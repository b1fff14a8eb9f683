package sandglass.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import sandglass.plot.FigureSpec.Scale;
import sandglass.unit.Unit;

/**
 * A numeric axis: its range in base units and the values that get a label.
 *
 * @param low, high ends of the range; {@code low < high}, and {@code low > 0} on a logarithmic axis
 */
record Axis(String title, Scale scale, double low, double high, List<Tick> ticks) {

    /** A labelled value. */
    record Tick(double value, String label) {}

    /** What the lower end of an axis should be. */
    enum Floor {
        /** Zero, or well below the smallest value if logarithmic, with room for labels above: for bars. */
        BASE,
        /** The range of the data with a small margin. */
        DATA
    }

    private static final double[] STEPS = {1, 2, 5, 10};
    /** Logarithmic axes never show more than this many decades; what lies below is drawn at the edge. */
    private static final double MOST_DECADES = 9;
    /** Room above bars for their labels, and around other data, as a share of the axis. */
    private static final double HEADROOM = 0.08;
    private static final double MARGIN = 0.03;

    Axis {
        if (!(low < high) || scale == Scale.LOG && !(low > 0)) {
            throw new IllegalArgumentException("axis '" + title + "' from " + low + " to " + high);
        }
        ticks = List.copyOf(ticks);
    }

    /** Position of a value, 0 at the lower end to 1 at the upper; outside the range it is held at the ends. */
    double fraction(double value) {
        double part = scale == Scale.LOG ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
        return Math.max(0, Math.min(1, part));
    }

    /**
     * An axis over these values with about {@code count} labels.
     *
     * @param values any; on a logarithmic axis those not above zero are left out, and if none remain the axis is linear
     */
    static Axis of(String title, Unit unit, Scale scale, Floor floor, double[] values, int count) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value) && (scale == Scale.LINEAR || value > 0)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        if (max == Double.NEGATIVE_INFINITY) {
            return linear(title, Human.scale(1, unit), 0, 1, count);
        }
        if (scale == Scale.LINEAR) {
            Human.Scale spelling = Human.scale(max, unit);
            return floor == Floor.BASE ? linear(title, spelling, Math.min(0, min), max + HEADROOM * (max - Math.min(0, min)), count)
                    : linear(title, spelling, min < max * 0.6 ? Math.min(0, min) : min, max, count).tight(min, max);
        }
        min = Math.max(min, max / Math.pow(10, MOST_DECADES));
        return floor == Floor.BASE ? logarithmic(title, unit, min / 1.6, max * Math.pow(max / min * 1.6, HEADROOM), count)
                : logarithmic(title, unit, min, max, count).tight(min, max);
    }

    /** The same axis with labels at these values instead. */
    Axis labelled(List<Tick> labels) {
        return new Axis(title, scale, low, high, labels);
    }

    /** The same axis cut to these values and a small margin; zero stays the end where it is one. */
    private Axis tight(double min, double max) {
        double from = low;
        double to = high;
        if (scale == Scale.LOG && max > min) {
            double margin = Math.pow(max / min, MARGIN);
            from = min / margin;
            to = max * margin;
        } else if (max > min) {
            double margin = MARGIN * (max - Math.min(min, low == 0 ? 0 : min));
            from = low == 0 ? 0 : min - margin;
            to = max + margin;
        }
        double first = from;
        double last = to;
        return new Axis(title, scale, from, to, ticks.stream().filter(t -> t.value() >= first && t.value() <= last).toList());
    }

    /** An axis of time that passes, from zero. */
    static Axis elapsed(String title, double maxNs, int count) {
        return linear(title, Human.elapsed(maxNs), 0, maxNs, count).tight(0, maxNs);
    }

    /** An axis of shares from 0 to 100 %. */
    static Axis shares(String title) {
        return linear(title, Human.scale(1, Unit.RATIO), 0, 1, 5);
    }

    private static Axis linear(String title, Human.Scale scale, double min, double max, int count) {
        double top = max > min ? max : min + Math.max(Math.abs(min), scale.factor());
        double step = step((top - min) / scale.factor() / count);
        double low = Math.floor(min / scale.factor() / step + 1e-9) * step;
        double high = Math.ceil(top / scale.factor() / step - 1e-9) * step;
        int decimals = Math.max(0, -(int) Math.floor(Math.log10(step) + 1e-9));
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; low + i * step <= high + step / 2; i++) {
            double value = low + i * step;
            BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN);
            ticks.add(new Tick(value * scale.factor(), rounded.signum() == 0 ? "0" : Human.digits(rounded.doubleValue(), 12) + scale.suffix()));
        }
        return new Axis(title, Scale.LINEAR, low * scale.factor(), high * scale.factor(), ticks);
    }

    private static double step(double rough) {
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double step : STEPS) {
            if (step * power >= rough * 0.999) {
                return step * power;
            }
        }
        return 10 * power;
    }

    /** Labels at powers of ten, at 1-2-5 if there are few decades, at powers of two for sizes, at even steps within a factor of four. */
    private static Axis logarithmic(String title, Unit unit, double min, double max, int count) {
        double low = below(min, unit);
        double high = above(max, unit);
        if (max < 4 * min) {
            List<Tick> even = linear(title, Human.scale(max, unit), min, max, count).ticks();
            return new Axis(title, Scale.LOG, Math.min(low, min), Math.max(high, max), even.stream().filter(t -> t.value() > 0).toList());
        }
        double[] marks = unit == Unit.BYTES ? powersOfTwo(min, max, count) : decades(min, max, count);
        List<Tick> ticks = new ArrayList<>();
        for (double mark : marks) {
            if (mark >= low * 0.999 && mark <= high * 1.001) {
                ticks.add(new Tick(mark, Human.value(mark, unit)));
            }
        }
        return new Axis(title, Scale.LOG, low, high, ticks);
    }

    private static double below(double min, Unit unit) {
        if (unit == Unit.BYTES) {
            return Math.pow(2, Math.floor(Math.log(min * 1.001) / Math.log(2)));
        }
        double power = Math.pow(10, Math.floor(Math.log10(min * 1.001)));
        double low = power;
        for (double step : STEPS) {
            low = step * power <= min * 1.001 ? step * power : low;
        }
        return low;
    }

    private static double above(double max, Unit unit) {
        return unit == Unit.BYTES ? Math.pow(2, Math.floor(Math.log(max * 0.999) / Math.log(2)) + 1)
                : step(max * 1.02);
    }

    private static double[] decades(double min, double max, int count) {
        int from = (int) Math.floor(Math.log10(min)) - 1;
        int to = (int) Math.ceil(Math.log10(max)) + 1;
        double span = Math.log10(max / min);
        int stride = Math.max(1, (int) Math.ceil(span / count));
        double[] within = span < 1.5 ? new double[] {1, 2, 5} : span < 3.2 && count >= 6 ? new double[] {1, 3} : new double[] {1};
        List<Double> marks = new ArrayList<>();
        for (int exponent = Math.floorDiv(from, stride) * stride; exponent <= to; exponent += stride) {
            for (double part : within) {
                marks.add(part * Math.pow(10, exponent));
            }
        }
        return marks.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] powersOfTwo(double min, double max, int count) {
        int from = (int) Math.floor(Math.log(min) / Math.log(2));
        int to = (int) Math.ceil(Math.log(max) / Math.log(2));
        int stride = Math.max(1, (int) Math.ceil((to - from) / (double) count));
        List<Double> marks = new ArrayList<>();
        for (int exponent = Math.floorDiv(from + stride - 1, stride) * stride; exponent <= to; exponent += stride) {
            marks.add(Math.pow(2, exponent));
        }
        return marks.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
