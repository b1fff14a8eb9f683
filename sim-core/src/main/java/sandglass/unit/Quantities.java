package sandglass.unit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and prints quantities whose unit is part of the value: durations ({@code 250us}), sizes ({@code 128MiB}), rates
 * ({@code 50/s}) and shares ({@code 1%}). A bare number is refused except zero, since its unit would be a guess.
 */
public final class Quantities {

    public static final int PAGE_BYTES = 4096;

    private static final String A_DURATION = "a duration such as 10ms (units ns, us, ms, s, min, h, d)";
    private static final String A_SIZE = "a size such as 128MiB (units B, kB, MB, GB, TB, KiB, MiB, GiB, TiB)";
    private static final Pattern NUMBER_UNIT = Pattern.compile("\\s*([+-]?[0-9]*\\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\\s*(\\S*)\\s*");
    private static final Map<String, Long> DURATION_NS = new LinkedHashMap<>();
    private static final Map<String, Long> SIZE_BYTES = new LinkedHashMap<>();

    static {
        DURATION_NS.put("ns", 1L);
        DURATION_NS.put("us", 1_000L);
        DURATION_NS.put("ms", 1_000_000L);
        DURATION_NS.put("s", 1_000_000_000L);
        DURATION_NS.put("min", 60_000_000_000L);
        DURATION_NS.put("h", 3_600_000_000_000L);
        DURATION_NS.put("d", 86_400_000_000_000L);
        SIZE_BYTES.put("B", 1L);
        SIZE_BYTES.put("kB", 1_000L);
        SIZE_BYTES.put("MB", 1_000_000L);
        SIZE_BYTES.put("GB", 1_000_000_000L);
        SIZE_BYTES.put("TB", 1_000_000_000_000L);
        SIZE_BYTES.put("KiB", 1L << 10);
        SIZE_BYTES.put("MiB", 1L << 20);
        SIZE_BYTES.put("GiB", 1L << 30);
        SIZE_BYTES.put("TiB", 1L << 40);
    }

    private Quantities() {}

    /** A duration such as {@code 10ms} in nanoseconds, rounded to the nearest; never negative. */
    public static long durationNs(String text) {
        return rounded(text, scaled(text, DURATION_NS, A_DURATION));
    }

    /** A duration such as {@code 0.25ns} in nanoseconds, with its fraction, for costs that are multiplied; never negative. */
    public static double fractionalNs(String text) {
        return scaled(text, DURATION_NS, A_DURATION).doubleValue();
    }

    /** A size such as {@code 128MiB} in bytes, rounded to the nearest; never negative. */
    public static long sizeBytes(String text) {
        return rounded(text, scaled(text, SIZE_BYTES, A_SIZE));
    }

    /** A size such as {@code 0.5B} in bytes, with its fraction, for averages; never negative. */
    public static double fractionalBytes(String text) {
        return scaled(text, SIZE_BYTES, A_SIZE).doubleValue();
    }

    /** A rate such as {@code 50/s}, {@code 3/min} in events per second; never negative. */
    public static double ratePerSecond(String text) {
        String expected = "a rate such as 50/s (units /s, /min, /h, /d)";
        Matcher match = match(text, expected);
        String unit = match.group(2);
        if (!unit.startsWith("/") || !DURATION_NS.containsKey(unit.substring(1))) {
            throw new QuantityException("'" + text + "' is not " + expected);
        }
        return nonNegative(text, new BigDecimal(match.group(1)), expected).doubleValue()
                * 1e9 / DURATION_NS.get(unit.substring(1));
    }

    /** A share such as {@code 1%} or {@code 0.01} as a fraction; never negative. */
    public static double share(String text) {
        String expected = "a share such as 1% or 0.01";
        Matcher match = match(text, expected);
        double value = nonNegative(text, new BigDecimal(match.group(1)), expected).doubleValue();
        return switch (match.group(2)) {
            case "%" -> value / 100;
            case "" -> value;
            default -> throw new QuantityException("'" + text + "' is not " + expected);
        };
    }

    /** Prints nanoseconds in the largest unit that keeps the number at or above one, with four significant digits. */
    public static String printNs(double ns) {
        return print(ns, DURATION_NS, "ns", Map.of("d", true, "h", true, "min", true));
    }

    /** Prints bytes in binary units with four significant digits. */
    public static String printBytes(double bytes) {
        return print(bytes, SIZE_BYTES, "B", Map.of("kB", true, "MB", true, "GB", true, "TB", true));
    }

    /** Prints a value of the given unit for people. */
    public static String print(double value, Unit unit) {
        return switch (unit) {
            case NANOSECONDS -> printNs(value);
            case BYTES -> printBytes(value);
            case COUNT -> digits(value);
            case RATIO -> digits(value);
            default -> digits(value) + " " + unit.symbol();
        };
    }

    private static String print(double value, Map<String, Long> units, String smallest, Map<String, Boolean> skipped) {
        String unit = smallest;
        for (Map.Entry<String, Long> candidate : units.entrySet()) {
            if (!skipped.containsKey(candidate.getKey()) && Math.abs(value) >= candidate.getValue()) {
                unit = candidate.getKey();
            }
        }
        return digits(value / units.get(unit)) + " " + unit;
    }

    /** Four significant digits, no exponent between 1e-3 and 1e7. */
    public static String digits(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e7)) {
            return String.format(Locale.ROOT, "%.3e", value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(4));
        return (rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros()).toPlainString();
    }

    private static BigDecimal scaled(String text, Map<String, Long> units, String expected) {
        Matcher match = match(text, expected);
        BigDecimal number = nonNegative(text, new BigDecimal(match.group(1)), expected);
        if (match.group(2).isEmpty() && number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        Long factor = units.get(match.group(2));
        if (factor == null) {
            throw new QuantityException("'" + text + "' is not " + expected);
        }
        return number.multiply(BigDecimal.valueOf(factor));
    }

    private static long rounded(String text, BigDecimal value) {
        BigDecimal whole = value.setScale(0, RoundingMode.HALF_EVEN);
        if (whole.toBigInteger().bitLength() > 62) {
            throw new QuantityException("'" + text + "' is too large");
        }
        return whole.longValueExact();
    }

    private static BigDecimal nonNegative(String text, BigDecimal number, String expected) {
        if (number.signum() < 0) {
            throw new QuantityException("'" + text + "' is negative; expected " + expected);
        }
        return number;
    }

    private static Matcher match(String text, String expected) {
        Matcher match = NUMBER_UNIT.matcher(text);
        if (!match.matches()) {
            throw new QuantityException("'" + text + "' is not " + expected);
        }
        return match;
    }
}
