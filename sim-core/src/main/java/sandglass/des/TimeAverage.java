package sandglass.des;

import sandglass.platform.Timeline;

/**
 * A level that changes at instants, weighted by how long it lasts: the number in a queue, cores busy, bytes in use.
 * What averages observations instead is a {@link Tally}.
 */
public final class TimeAverage {

    private final Timeline timeline;
    private double value;
    private double max;
    private double integral;
    private long sinceNs;
    private long changedNs;

    /** A level of zero from now on. */
    public TimeAverage(Timeline timeline) {
        this.timeline = timeline;
        sinceNs = timeline.nowNs();
        changedNs = sinceNs;
    }

    /** The level from now on. */
    public void set(double newValue) {
        long nowNs = timeline.nowNs();
        integral += value * (nowNs - changedNs);
        changedNs = nowNs;
        value = newValue;
        if (newValue > max) {
            max = newValue;
        }
    }

    /** Raises the level from now on, or lowers it if {@code difference} is negative. */
    public void add(double difference) {
        set(value + difference);
    }

    /** The level now. */
    public double value() {
        return value;
    }

    /** The highest level so far that was not below zero. */
    public double max() {
        return max;
    }

    /** Level times nanoseconds, up to now. Exact while levels are whole and it stays below 2^53. */
    public double integral() {
        return integral + value * (timeline.nowNs() - changedNs);
    }

    /** The average level up to now; the level itself if no time has passed. */
    public double mean() {
        long spanNs = timeline.nowNs() - sinceNs;
        return spanNs == 0 ? value : integral() / spanNs;
    }

    /** Forgets everything before now except the level: the end of a warm-up. */
    public void restart() {
        sinceNs = timeline.nowNs();
        changedNs = sinceNs;
        integral = 0;
        max = value;
    }
}
