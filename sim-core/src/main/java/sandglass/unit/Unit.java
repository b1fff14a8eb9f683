package sandglass.unit;

/** The units a metric or a parameter may have. Every stored number is in one of these; scaled spellings exist only in files. */
public enum Unit {
    NANOSECONDS("ns"),
    BYTES("B"),
    COUNT("1"),
    PAGES("pages"),
    RATIO("ratio"),
    PER_SECOND("1/s"),
    NANOSECONDS_PER_BYTE("ns/B"),
    NANOSECONDS_PER_PAGE("ns/page"),
    BYTES_PER_SECOND("B/s"),
    CORES("cores");

    private final String symbol;

    Unit(String symbol) {
        this.symbol = symbol;
    }

    /** The spelling used in result files, for example {@code ns}. */
    public String symbol() {
        return symbol;
    }

    /**
     * The unit with this spelling.
     *
     * @throws QuantityException if there is none
     */
    public static Unit of(String symbol) {
        for (Unit unit : values()) {
            if (unit.symbol.equals(symbol)) {
                return unit;
            }
        }
        throw new QuantityException("unknown unit '" + symbol + "'; expected one of ns, B, 1, pages, ratio, 1/s, ns/B, ns/page, B/s, cores");
    }
}
