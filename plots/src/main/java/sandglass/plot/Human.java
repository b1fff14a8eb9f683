package sandglass.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import sandglass.unit.Quantities;
import sandglass.unit.QuantityException;
import sandglass.unit.Unit;

/** Numbers and names as a reader of a figure wants them: few digits, a unit at hand, no dotted paths. */
public final class Human {

    /** One spelling of a unit: {@code factor} base units. */
    record Scale(double factor, String suffix) {}

    private static final List<Scale> TIMES = List.of(new Scale(1, " ns"), new Scale(1e3, " µs"), new Scale(1e6, " ms"),
            new Scale(1e9, " s"));
    private static final List<Scale> LONG_TIMES = List.of(new Scale(60e9, " min"), new Scale(3600e9, " h"));
    private static final List<Scale> SIZES = List.of(new Scale(1, " B"), new Scale(0x1p10, " KiB"), new Scale(0x1p20, " MiB"),
            new Scale(0x1p30, " GiB"), new Scale(0x1p40, " TiB"));
    private static final List<Scale> COUNTS = List.of(new Scale(1, ""), new Scale(1e6, " M"), new Scale(1e9, " G"));

    /** What the last word of an axis' path means to someone who does not know the file format. */
    private static final Map<String, String> WORDS = Map.of("poisson", "arrival rate", "touch", "pages written", "bytes", "size", "ttl",
            "keep-alive time", "zipf", "Zipf exponent", "runtime", "language runtime");

    private Human() {}

    /** The largest spelling of the unit that keeps this value at or above one. */
    static Scale scale(double value, Unit unit) {
        double size = Math.abs(value);
        List<Scale> scales = scales(unit);
        Scale chosen = scales.get(0);
        for (Scale scale : scales) {
            chosen = size >= scale.factor() * 0.9995 ? scale : chosen;
        }
        return chosen;
    }

    /** As {@link #scale}, with minutes and hours, for time that passes rather than latency. */
    static Scale elapsed(double ns) {
        Scale chosen = scale(ns, Unit.NANOSECONDS);
        for (Scale scale : LONG_TIMES) {
            chosen = ns >= 3 * scale.factor() ? scale : chosen;
        }
        return chosen;
    }

    private static List<Scale> scales(Unit unit) {
        return switch (unit) {
            case NANOSECONDS -> TIMES;
            case BYTES -> SIZES;
            case COUNT, PAGES, CORES -> COUNTS;
            case RATIO -> List.of(new Scale(0.01, " %"));
            case PER_SECOND -> List.of(new Scale(1, " /s"), new Scale(1e6, " M/s"));
            case NANOSECONDS_PER_BYTE, NANOSECONDS_PER_PAGE, BYTES_PER_SECOND -> List.of(new Scale(1, " " + unit.symbol()));
        };
    }

    /** A value with its unit and three significant digits. */
    public static String value(double value, Unit unit) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
        }
        Scale scale = scale(value, unit);
        return digits(value / scale.factor(), 3) + (value == 0 && unit != Unit.RATIO ? "" : scale.suffix());
    }

    /** An interval in the unit of its lower end where that is above zero, for example {@code 901 to 1060 µs}. */
    public static String interval(double low, double high, Unit unit) {
        Scale scale = scale(Double.isFinite(low) && low > 0 || !Double.isFinite(high) ? low : high, unit);
        String from = Double.isFinite(low) ? digits(low / scale.factor(), 3) : "−∞";
        String to = Double.isFinite(high) ? digits(high / scale.factor(), 3) : "∞";
        return from + " to " + to + scale.suffix();
    }

    /** At least this many significant digits, thousands grouped from 10 000 on. */
    public static String digits(double value, int significant) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(significant, RoundingMode.HALF_EVEN));
        if (rounded.abs().compareTo(BigDecimal.valueOf(1e-4)) < 0) {
            return String.format(Locale.ROOT, "%." + (significant - 1) + "e", value).replace("-", "−");
        }
        BigDecimal plain = rounded.abs().compareTo(BigDecimal.valueOf(1000)) >= 0
                ? BigDecimal.valueOf(value).setScale(0, RoundingMode.HALF_EVEN) : rounded;
        String text = plain.stripTrailingZeros().toPlainString().replace("-", "−");
        return plain.abs().compareTo(BigDecimal.valueOf(10_000)) < 0 ? text : grouped(text);
    }

    private static String grouped(String digits) {
        StringBuilder text = new StringBuilder(digits);
        for (int at = digits.length() - 3; at > (digits.startsWith("−") ? 1 : 0); at -= 3) {
            text.insert(at, ' ');
        }
        return text.toString();
    }

    /** A structured value ({@code ksm: {sleep: 20ms}}) by its first word where that tells it from the other values, else without braces. */
    public static String shortened(String value, List<String> others) {
        if (!value.contains("{")) {
            return value;
        }
        String head = head(value);
        boolean unique = others.stream().filter(other -> head(other).equals(head)).distinct().count() <= 1;
        return unique && !head.isBlank() ? head : value.replaceAll("[{}]", "").replace(":", "").strip();
    }

    private static String head(String value) {
        return value.split("[:{]", 2)[0].strip();
    }

    /** The last meaningful part of an axis' dotted path, in plain words. */
    public static String axis(String path) {
        String[] parts = path.split("\\.");
        int last = parts.length - 1;
        while (last > 0 && parts[last].chars().allMatch(Character::isDigit)) {
            last--;
        }
        return WORDS.getOrDefault(parts[last], parts[last].replace('-', ' '));
    }

    /** An axis value as a number in base units, if it is one: a plain number, a duration, a size, a rate or a share. */
    static OptionalDouble number(String text) {
        try {
            return OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException notPlain) {
            List<ToDoubleFunction<String>> readers = List.of(Quantities::durationNs, Quantities::sizeBytes, Quantities::ratePerSecond,
                    Quantities::share);
            for (ToDoubleFunction<String> reader : readers) {
                try {
                    return OptionalDouble.of(reader.applyAsDouble(text));
                } catch (QuantityException other) {
                    continue;
                }
            }
            return OptionalDouble.empty();
        }
    }

    /** The unit that a numeric axis value is written in. */
    static Unit unit(String text) {
        List<Unit> units = List.of(Unit.NANOSECONDS, Unit.BYTES, Unit.PER_SECOND, Unit.RATIO);
        List<ToDoubleFunction<String>> readers = List.of(Quantities::durationNs, Quantities::sizeBytes, Quantities::ratePerSecond,
                Quantities::share);
        if (text.chars().noneMatch(c -> Character.isLetter(c) || c == '%' || c == '/')) {
            return Unit.COUNT;
        }
        for (int i = 0; i < units.size(); i++) {
            try {
                readers.get(i).applyAsDouble(text);
                return units.get(i);
            } catch (QuantityException other) {
                continue;
            }
        }
        return Unit.COUNT;
    }
}
