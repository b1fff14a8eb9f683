package sandglass.model;

import sandglass.scenario.Policies.Notification.Polling;
import sandglass.scenario.Uniforms;
import sandglass.unit.Distribution;

/**
 * The host's polling thread: looks at the flag of every sandbox in turn, again after each interval, and keeps a core busy with it
 * from beginning to end. A round over many sandboxes may take longer than the interval; then it sets the pace.
 */
final class Poller {

    private static final Distribution ROUND = new Distribution.Uniform(0, 1);

    private final HostCpu cpu;
    private final Polling polling;
    private final Cost look;
    private final Uniforms lookUniforms;
    private final Uniforms waitUniforms;
    private long watched;
    private double hadNs;
    private double usefulNs;

    Poller(HostCpu cpu, Polling polling, Cost look, Uniforms lookUniforms, Uniforms waitUniforms) {
        this.cpu = cpu;
        this.polling = polling;
        this.look = look;
        this.lookUniforms = lookUniforms;
        this.waitUniforms = waitUniforms;
    }

    /** One sandbox more, or one fewer, to look at. */
    void watch(int difference) {
        watched += difference;
    }

    /** How long it takes until {@code notifications} flags, raised one after the other at any time, were each seen, in ns. */
    long seenAfterNs(long notifications) {
        double roundNs = Math.max(polling.intervalNs(), watched * look.mean());
        long waitNs = Math.round(roundNs * Sums.draw(ROUND, ROUND.mean(), ROUND.variance(), notifications, waitUniforms));
        long lookNs = look.draw(notifications, lookUniforms);
        usefulNs += lookNs;
        return Math.round((waitNs + lookNs) * cpu.slowdown());
    }

    /** Core time that it has taken since {@link #restart}, ns. */
    double coreNs() {
        return cpu.endlessNs() - hadNs;
    }

    /** Core time since {@link #restart} that found nothing, ns. */
    double burntNs() {
        return Math.max(0, coreNs() - usefulNs);
    }

    void restart() {
        hadNs = cpu.endlessNs();
        usefulNs = 0;
    }
}
