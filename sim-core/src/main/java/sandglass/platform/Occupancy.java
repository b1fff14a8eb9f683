package sandglass.platform;

import sandglass.result.Metrics;
import sandglass.unit.Unit;

/**
 * How many sandboxes and invocations there are, over time. Counts are changed after {@link #advance} has brought the
 * integrals up to the time of the change.
 */
final class Occupancy {

    /** Sandboxes: all that are not gone, and of these the running and the idle. */
    int alive;
    int running;
    int idle;
    /** Invocations that have arrived and are neither done nor turned away. */
    int inSystem;

    private final StepSeries aliveSeries = new StepSeries("sandboxes", Unit.COUNT, "Sandboxes alive");
    private final StepSeries runningSeries = new StepSeries("sandboxes.running", Unit.COUNT, "Sandboxes running");
    private final StepSeries idleSeries = new StepSeries("sandboxes.idle", Unit.COUNT, "Sandboxes idle");
    private long lastNs;
    private long inSystemIntegral;
    private boolean measuring;
    private long measuredFromNs;
    private long measuredNs;
    private int mostAlive;

    void advance(long nowNs) {
        long ns = nowNs - lastNs;
        if (ns == 0) {
            return;
        }
        lastNs = nowNs;
        inSystemIntegral += inSystem * ns;
        if (measuring) {
            aliveSeries.hold(alive, nowNs);
            runningSeries.hold(running, nowNs);
            idleSeries.hold(idle, nowNs);
        }
    }

    /** One more sandbox is alive. */
    void born() {
        alive++;
        if (measuring && alive > mostAlive) {
            mostAlive = alive;
        }
    }

    void begin(long nowNs) {
        advance(nowNs);
        measuring = true;
        measuredFromNs = nowNs;
        mostAlive = alive;
        aliveSeries.begin(nowNs);
        runningSeries.begin(nowNs);
        idleSeries.begin(nowNs);
    }

    void end(long nowNs) {
        advance(nowNs);
        measuring = false;
        measuredNs = nowNs - measuredFromNs;
    }

    /** Integral of the number of invocations over all time since zero, in ns modulo 2^64. */
    long inSystemIntegral() {
        return inSystemIntegral;
    }

    /** Time averages and the most over the measured time, and how they went. */
    void report(Report report) {
        report.count(Metrics.SANDBOXES_MAX, mostAlive);
        if (measuredNs > 0) {
            report.count(Metrics.SANDBOXES_MEAN, aliveSeries.integral() / measuredNs, aliveSeries.batchMeans());
            report.count(Metrics.SANDBOXES_RUNNING, runningSeries.integral() / measuredNs, runningSeries.batchMeans());
            report.count(Metrics.SANDBOXES_IDLE, idleSeries.integral() / measuredNs, idleSeries.batchMeans());
            report.series(aliveSeries.series());
            report.series(runningSeries.series());
        }
    }

    /** Length of the measured time; zero until it has ended. */
    long measuredNs() {
        return measuredNs;
    }
}
