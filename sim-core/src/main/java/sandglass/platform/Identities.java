package sandglass.platform;

import sandglass.scenario.Scenario;

/** What must hold in every run, whatever the scenario; a violation is a fault of this program and ends the run. */
final class Identities {

    private final Scenario scenario;
    private final boolean exactClock;

    /** @param exactClock whether time stands still between events, so that durations add up to the nanosecond */
    Identities(Scenario scenario, boolean exactClock) {
        this.scenario = scenario;
        this.exactClock = exactClock;
    }

    /** Arrivals are done, waiting, running or rejected, each counted where it happens. */
    void arrivals(long arrived, long done, long waiting, long running, long rejected, long nowNs) {
        if (arrived != done + waiting + running + rejected) {
            throw violated("arrivals = done + waiting + running + rejected",
                arrived + " = " + done + " + " + waiting + " + " + running + " + " + rejected, nowNs);
        }
    }

    /**
     * Little's law on the sample path: the integral of the number in the system is the sum of the times in it (both
     * modulo 2^64).
     */
    void littlesLaw(long integralNs, long sumOfTimesNs, long nowNs) {
        if (integralNs != sumOfTimesNs) {
            throw violated("integral of the number in the system = sum of the times in it",
                integralNs + " ns = " + sumOfTimesNs + " ns", nowNs);
        }
    }

    /** The phases that a runtime reported for one verb fill the time that it took. */
    void verb(Sandbox sandbox, long nowNs) {
        if (exactClock && sandbox.reportedNs != nowNs - sandbox.sinceNs) {
            throw violated("phases of " + sandbox + " = time since it was told to",
                sandbox.reportedNs + " ns = " + (nowNs - sandbox.sinceNs) + " ns", nowNs);
        }
    }

    /** A sandbox's phases and idle times fill its life. */
    void lifetime(Sandbox sandbox, long nowNs) {
        long lifeNs = nowNs - sandbox.createdNs();
        if (exactClock && sandbox.phasesNs + sandbox.idleNs != lifeNs) {
            throw violated("phases + idle = lifetime of " + sandbox,
                sandbox.phasesNs + " ns + " + sandbox.idleNs + " ns = " + lifeNs + " ns", nowNs);
        }
    }

    /** Nothing is left at the end. */
    void allGone(Occupancy occupancy, int members, long nowNs) {
        if (occupancy.alive != 0 || occupancy.idle != 0 || occupancy.running != 0 || occupancy.inSystem != 0
            || members != 0) {
            throw violated("nothing is left at the end",
                occupancy.alive + " sandboxes alive, " + occupancy.idle + " idle, " + occupancy.running + " running, "
                + members + " in pools, " + occupancy.inSystem + " invocations in the system", nowNs);
        }
    }

    IllegalStateException violated(String identity, String values, long nowNs) {
        return new IllegalStateException("scenario " + scenario.id() + ", seed " + scenario.seed() + ", at " + nowNs
            + " ns: " + identity + " does not hold: " + values);
    }
}
