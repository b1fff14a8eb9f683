package sandglass.platform;

/** Further uniform draws out of one. */
final class Mix {

    /** Increment of SplitMix64: the odd number closest to 2^64 divided by the golden ratio. */
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final int DOUBLE_BITS = 53;

    private Mix() {}

    /**
     * The draw of this index that belongs to {@code draw}, strictly between 0 and 1: the output function of SplitMix64 (Steele,
     * Lea and Flood, OOPSLA 2014).
     */
    static double uniform(double draw, int index) {
        long z = Double.doubleToLongBits(draw) + index * GOLDEN;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        z ^= z >>> 31;
        return ((z >>> 64 - DOUBLE_BITS) + 0.5) * 0x1p-53;
    }
}
