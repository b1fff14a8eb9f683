package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import sandglass.calibration.WellKnown;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.probe.ControlPlane;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** How fast an idle host forgets: what calls, hand-overs and recycling take by the pause before them, and the curve nearest to that. */
final class CoolingTimes {

    /** Whether what others do on the host meets one pause or another is chance: many turns make that even. */
    private static final int TURNS = 12;
    private static final int QUICK_TURNS = 1;
    private static final int PAUSED_CALLS = 8;
    private static final String PAUSES = "0.5, 2, 5, 10, 20 and 50 ms";
    private static final long[] PAUSES_NS = {500_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, LiveBench.COLD_PAUSE_NS};

    private CoolingTimes() {
    }

    static Atom ofCalls() {
        return new Atom("cooling", Set.of(Atom.HOST), List.of(
                new Quantity(WellKnown.COOLING_TIME, NANOSECONDS,
                        "after so long without work, a call has lost all but 1/e of what it is faster right after another"),
                new Quantity(WellKnown.PLATFORM_COOLING_TIME, NANOSECONDS, "the same for the control plane and what it tells a worker")),
                "calls of a process that does nothing after pauses of " + PAUSES + ", in turn; the medians of calls and of hand-overs", Clock.WALL,
                new Seconds(28, 5), bench -> {
                    Paused paused = new Paused(bench, "process");
                    return List.of(paused.cooling(WellKnown.COOLING_TIME, "calls", paused.calls),
                            paused.cooling(WellKnown.PLATFORM_COOLING_TIME, "hand-overs", paused.handOvers));
                });
    }

    static Atom ofRecycling() {
        return new Atom("recycle-cooling", Set.of("usetl"), List.of(new Quantity(WellKnown.RECYCLE_COOLING_TIME, NANOSECONDS,
                        "after so long without work, recycling has lost all but 1/e of what it is faster right after another")),
                "calls of a unikernel that does nothing after pauses of " + PAUSES + ", in turn; the medians from the end of a call to that of its"
                        + " recycling", Clock.WALL, new Seconds(28, 4), bench -> {
                    Paused paused = new Paused(bench, "usetl");
                    return List.of(paused.cooling(WellKnown.RECYCLE_COOLING_TIME, "recycling", paused.recycling));
                });
    }

    /** What calls, what the control plane does before them, and what is done after them take, by the pause before. */
    private static final class Paused {

        private final List<Sample> calls = new ArrayList<>();
        private final List<Sample> handOvers = new ArrayList<>();
        private final List<Sample> recycling = new ArrayList<>();
        private final long n;

        Paused(Bench bench, String stack) throws UnsupportedHereException {
            int turns = bench.quick() ? QUICK_TURNS : Math.max(1, TURNS / bench.passes());
            for (long pauseNs : PAUSES_NS) {
                calls.add(new Sample("calls after " + pauseNs));
                handOvers.add(new Sample("hand-overs after " + pauseNs));
                recycling.add(new Sample("recycling after " + pauseNs));
            }
            try (ControlPlane plane = new ControlPlane(stack, bench.clockNs(), bench.config())) {
                for (int turn = 0; turn < turns; turn++) {
                    for (int i = 0; i < PAUSES_NS.length; i++) {
                        ControlPlane.Lags lags = plane.settled(PAUSES_NS[i], PAUSED_CALLS);
                        Arrays.stream(lags.serviceNs()).forEach(calls.get(i)::add);
                        Arrays.stream(lags.arrivalNs()).forEach(handOvers.get(i)::add);
                        Arrays.stream(lags.endNs()).forEach(recycling.get(i)::add);
                    }
                }
            }
            n = (long) turns * PAUSED_CALLS;
        }

        Reading cooling(String parameter, String what, List<Sample> byPause) {
            double[] ns = byPause.stream().mapToDouble(Sample::median).toArray();
            CoolingCurve curve = CoolingCurve.through(PAUSES_NS, ns);
            return curve.lossNs() > 0 ? new Reading.Measured(parameter, new double[] {curve.timeNs()}, n, List.of())
                    : new Reading.Unsupported(parameter, what + " after pauses of " + PAUSES + " took " + Arrays.toString(ns)
                            + " ns: they do not get slower", "measure again on a host with less other work");
        }
    }
}
