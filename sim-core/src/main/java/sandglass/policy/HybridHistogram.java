package sandglass.policy;

import sandglass.platform.IdleTimes;
import sandglass.platform.KeepAlivePolicy;

/**
 * The hybrid histogram (Shahrad et al., ATC 2020, section 4.2), by the owner's idle times in bins of a minute.
 *
 * <ul>
 * <li>If at least half of the idle times were out of bounds, the next one is forecast, and a sandbox is there from 15 %
 * before the forecast to 15 % after it. The paper fits an ARIMA model of automatic order; this fits the autoregression
 * of order one to the latest idle times by least squares.</li>
 * <li>If the histogram tells something (the coefficient of variation of its bins is at least 2), the sandbox leaves at
 * once and is back 10 % before the head quantile, rounded down to its bin, and stays until 10 % after the tail
 * quantile, rounded up. If the head is in the first bin, it does not leave.</li>
 * <li>Otherwise it stays for the whole range.</li>
 * </ul>
 */
final class HybridHistogram implements KeepAlivePolicy {

    private static final double OUT_OF_BOUNDS_SHARE = 0.5;
    private static final double TELLING_VARIATION = 2;
    private static final double MARGIN = 0.10;
    private static final double FORECAST_MARGIN = 0.15;

    private final Window wholeRange;
    private final double head;
    private final double tail;

    HybridHistogram(long rangeNs, double head, double tail) {
        this.wholeRange = Window.keep(rangeNs);
        this.head = head;
        this.tail = tail;
    }

    @Override
    public Window window(long nowNs, long readyNs, IdleTimes idleTimes) {
        if (idleTimes.count() == 0) {
            return wholeRange;
        }
        if (idleTimes.outOfBoundsShare() >= OUT_OF_BOUNDS_SHARE) {
            double forecastNs = forecastNs(idleTimes);
            return between(forecastNs * (1 - FORECAST_MARGIN), forecastNs * (1 + FORECAST_MARGIN));
        }
        if (idleTimes.variationOfBins() >= TELLING_VARIATION) {
            return between((double) idleTimes.binOfQuantile(head) * IdleTimes.BIN_NS * (1 - MARGIN),
                (idleTimes.binOfQuantile(tail) + 1.0) * IdleTimes.BIN_NS * (1 + MARGIN));
        }
        return wholeRange;
    }

    private static Window between(double fromNs, double untilNs) {
        long awayNs = Math.round(fromNs);
        return new Window(awayNs, Math.max(0, Math.round(untilNs) - awayNs));
    }

    /**
     * The next idle time by x[t+1] = a + b x[t], fitted by least squares and held within what was seen; the mean of
     * fewer than three.
     */
    private static double forecastNs(IdleTimes idleTimes) {
        int n = idleTimes.recentCount();
        double sum = 0;
        double lowest = Double.POSITIVE_INFINITY;
        double highest = 0;
        for (int i = 0; i < n; i++) {
            double x = idleTimes.recentNs(i);
            sum += x;
            lowest = Math.min(lowest, x);
            highest = Math.max(highest, x);
        }
        if (n < 3) {
            return sum / n;
        }
        double last = idleTimes.recentNs(n - 1);
        double meanX = (sum - last) / (n - 1);
        double meanY = (sum - idleTimes.recentNs(0)) / (n - 1);
        double xx = 0;
        double xy = 0;
        for (int i = 0; i + 1 < n; i++) {
            double dx = idleTimes.recentNs(i) - meanX;
            xx += dx * dx;
            xy += dx * (idleTimes.recentNs(i + 1) - meanY);
        }
        double slope = xx == 0 ? 0 : xy / xx;
        return Math.min(highest, Math.max(lowest, meanY + slope * (last - meanX)));
    }
}
