package sandglass.workload.arrival;

/**
 * Turns a trace's time into a run's: zero at the first replayed minute, compressed by the load's speed, rounded down.
 */
final class ReplayClock {

    private final long startNs;
    private final double speed;

    ReplayClock(ReplayPlan plan) {
        this.startNs = plan.fromMinute() * MinutePlacement.MINUTE_NS;
        this.speed = plan.load().speed();
    }

    /** Time in the run of a time in the trace. */
    long runNs(long traceNs) {
        long ns = traceNs - startNs;
        return speed == 1 ? ns : (long) (ns / speed);
    }
}
