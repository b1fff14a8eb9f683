package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;
import static sandglass.unit.Unit.NANOSECONDS_PER_PAGE;
import static sandglass.unit.Unit.PAGES;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.probe.ControlPlane;
import sandglass.kvm.stack.LiveConfig;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;
import sandglass.scenario.Phase;

/** What making, first using and destroying a sandbox costs on a real stack, through the threads of a real run. */
final class LiveStarts {

    private static final int ROUNDS = 150;
    private static final int PROCESSES = 60;
    private static final int SETTLING = 200;
    private static final int WARM_CALLS = 3;
    private static final int TOUCHED = 512;
    private static final String HAND_OVER = "platform.hand-over";
    private static final String FOLLOW_UP = "platform.follow-up";
    /** So short that nothing cools, and long enough for the recycling before it to end. */
    private static final long NO_PAUSE_NS = 500_000;
    private static final int COLD_HAND_OVERS = 120;
    private static final int HAND_OVERS = 400;
    private static final int PAUSED_CLONES = 40;
    private static final int CLONES_IN_A_ROW = 4;
    private static final int TURNS = 4;
    private static final long LONG_PAUSE_NS = LiveBench.COLD_PAUSE_NS;

    private LiveStarts() {
    }

    static Atom handOver() {
        return new Atom("hand-over", Set.of(Atom.HOST), List.of(
                new Quantity(HAND_OVER, NANOSECONDS,
                        "from when an arrival is due, right after other work, through the control plane's thread to the worker's"),
                new Quantity("platform.cold-hand-over", NANOSECONDS, "what a pause of 50 ms before the arrival adds to that"),
                new Quantity(FOLLOW_UP, NANOSECONDS, "from the end of a call, through the control plane's thread, to a worker's recycling"),
                new Quantity("platform.cold-follow-up", NANOSECONDS, "what a pause of 50 ms before the call adds to that")),
                "the control plane with a process that does nothing, one call after the other with pauses of 0.5 and of 50 ms, in turn", Clock.WALL,
                new Seconds(24, 6), LiveStarts::measureHandOver);
    }

    private static List<Reading> measureHandOver(Bench bench) throws UnsupportedHereException {
        int each = Math.max(1, bench.rounds(HAND_OVERS) / TURNS);
        int eachCold = Math.max(1, bench.rounds(COLD_HAND_OVERS) / TURNS);
        Sample arrival = new Sample(HAND_OVER);
        Sample end = new Sample(FOLLOW_UP);
        Sample coldArrival = new Sample("arrivals after a pause");
        Sample coldEnd = new Sample("ends of calls after a pause");
        try (ControlPlane plane = new ControlPlane("process", bench.clockNs(), bench.config())) {
            for (int i = 0; i < TURNS; i++) {
                ControlPlane.Lags warm = plane.settled(NO_PAUSE_NS, each);
                Arrays.stream(warm.arrivalNs()).forEach(arrival::add);
                Arrays.stream(warm.endNs()).forEach(end::add);
                ControlPlane.Lags cold = plane.settled(LONG_PAUSE_NS, eachCold);
                Arrays.stream(cold.arrivalNs()).forEach(coldArrival::add);
                Arrays.stream(cold.endNs()).forEach(coldEnd::add);
            }
        }
        return List.of(arrival.exactly("invocations", arrival.count(), TURNS * each).reading(),
                Sample.less("platform.cold-hand-over", coldArrival, arrival.median()).middle(),
                end.exactly("recyclings", end.count(), TURNS * each).reading(),
                Sample.less("platform.cold-follow-up", coldEnd, end.median()).middle());
    }

    static Atom unikernel() {
        return new Atom("usetl-clone", Set.of("usetl"), List.of(
                new Quantity("usetl.clone", NANOSECONDS,
                        "the making of a clone of the template right after another, write set populated, until it waits for a function"),
                new Quantity("usetl.cold-clone", NANOSECONDS, "what a pause of 50 ms before that adds"),
                new Quantity("usetl.own-pages", NANOSECONDS, "what copies of its own of all pages that a call meets add to that"),
                new Quantity("usetl.first-touches", PAGES, "faults of the first call of a clone that KVM counts, beyond those of a later one"),
                new Quantity("kvm.stage2-fault", NANOSECONDS,
                        "one of these faults on a page that is there: the first call of a clone with copies of its own less a later one, by number"),
                new Quantity("usetl.first-touch", NANOSECONDS, "what a fault adds on a page of the template"),
                new Quantity("recycle.own-pages", NANOSECONDS, "what copies of its own of all pages add to recycling"),
                new Quantity("usetl.touch-page", NANOSECONDS_PER_PAGE, "the first write to a page of memory not used before, beyond such a fault"),
                new Quantity("usetl.teardown", NANOSECONDS, "the destruction of a clone, less its pages"),
                new Quantity("linux.free-page", NANOSECONDS_PER_PAGE, "each page that the clone had written")),
                "clones made one after the other, called, some with 512 pages written, and destroyed; clones right after others and after 50 ms, in"
                        + " turn",
                Clock.WALL, new Seconds(22, 4),
                LiveStarts::measureClones);
    }

    private static List<Reading> measureClones(Bench bench) throws UnsupportedHereException {
        Sample clone = new Sample("usetl.clone");
        Sample coldClone = new Sample("clone after a pause");
        Sample touches = new Sample("usetl.first-touches");
        Sample first = new Sample("first call");
        Sample later = new Sample("later call");
        Sample touch = new Sample("touch");
        Sample dirty = new Sample("dirty");
        Sample teardown = new Sample("close");
        Sample fullTeardown = new Sample("close after touches");
        Sample own = new Sample("clone with copies");
        Sample firstOwn = new Sample("first call with copies");
        Sample laterOwn = new Sample("later call with copies");
        Sample recycleOwn = new Sample("recycling with copies");
        Sample recycle = new Sample("recycling");
        int unlikeFaults = 0;
        try (LiveBench live = new LiveBench(bench, bench.config(), "usetl");
                LiveBench owning = new LiveBench(bench, bench.config().withMemory(LiveConfig.Memory.OWN), "usetl")) {
            live.settle("", SETTLING);
            owning.settle("", SETTLING / 2);
            int rounds = bench.rounds(ROUNDS);
            for (int i = 0; i < rounds; i++) {
                live.destroyIfAny();
                live.renew();
                LiveBench.Served one = live.call(LiveBench.WORK, LiveBench.NOTHING);
                live.recycle();
                LiveBench.Served next = live.call(LiveBench.WORK, LiveBench.NOTHING);
                LiveBench.Cleaned cleaned = live.recycle();
                dirty.add(cleaned.dirtyPages());
                recycle.add(cleaned.ns());
                first.add(one.ns());
                later.add(next.ns());
                touches.add(Math.max(0, one.faults() - next.faults()));
                unlikeFaults += one.faults() <= next.faults() ? 1 : 0;
                if (i % 2 == 0) {
                    touch.add(live.call(LiveBench.WORK, LiveBench.op("touch", TOUCHED)).ns());
                    live.recycle();
                    fullTeardown.add(live.destroy());
                } else {
                    teardown.add(live.destroy());
                }
                if (i % 2 == 0) {
                    inARow(owning);
                    own.add(owning.startNs(Phase.CREATE));
                    firstOwn.add(owning.call(LiveBench.WORK, LiveBench.NOTHING).ns());
                    owning.recycle();
                    laterOwn.add(owning.call(LiveBench.WORK, LiveBench.NOTHING).ns());
                    recycleOwn.add(owning.recycle().ns());
                }
            }
            clones(live, bench.rounds(PAUSED_CLONES), clone, coldClone);
        }
        double warm = later.median();
        double count = touches.median();
        Sample fault = new Sample("kvm.stage2-fault");
        double warmOwn = laterOwn.median();
        firstOwn.forEach(ns -> fault.add(Math.max(0, ns - warmOwn) / count));
        double faultNs = fault.median();
        Sample copied = new Sample("usetl.first-touch");
        first.forEach(ns -> copied.add(Math.max(0, (ns - warm) / count - faultNs)));
        Sample page = new Sample("usetl.touch-page");
        touch.forEach(ns -> page.add(Math.max(0, (ns - warm) / TOUCHED - faultNs)));
        double freeNs = Math.max(0, (fullTeardown.median() - teardown.median()) / TOUCHED);
        Sample free = new Sample("linux.free-page");
        fullTeardown.forEach(ns -> free.add(freeNs));
        Sample empty = new Sample("usetl.teardown");
        teardown.forEach(ns -> empty.add(Math.max(0, ns - dirty.median() * freeNs)));
        Reading copies = Sample.less("usetl.own-pages", own, clone.median()).middle();
        return List.of(clone.reading(), Sample.less("usetl.cold-clone", coldClone, clone.median()).middle(), copies,
                touches.atMost("clones whose first call does not fault more than a later one", unlikeFaults, 0).reading(),
                fault.atMost("clones whose first call does not fault more than a later one", unlikeFaults, 0).reading(), copied.middle(),
                Sample.less("recycle.own-pages", recycleOwn, recycle.median()).middle(), page.reading(),
                empty.reading(), free.middle());
    }

    /** Makes a sandbox right after another. */
    private static void inARow(LiveBench live) {
        live.comeAfter(0);
        live.renew();
        live.renew();
        live.comeAfter(LiveBench.PAUSE_NS);
    }

    private static void clones(LiveBench live, int rounds, Sample warm, Sample cold) {
        for (int i = 0; i < rounds; i++) {
            live.comeAfter(LONG_PAUSE_NS);
            live.renew();
            cold.add(live.startNs(Phase.CREATE));
            live.comeAfter(0);
            for (int next = 0; next < CLONES_IN_A_ROW; next++) {
                live.renew();
                warm.add(live.startNs(Phase.CREATE));
            }
        }
    }

    static Atom process() {
        return new Atom("process-start", Set.of("process"), List.of(
                new Quantity("process.fork-exec", NANOSECONDS, "fork and exec of the interpreter, until the parent goes on"),
                new Quantity("process.python-init", NANOSECONDS, "from then until the runner waits for a function"),
                new Quantity("process.exit", NANOSECONDS, "killing a process and waiting until it is gone")),
                "processes of the process stack made one after the other, called a few times and destroyed", Clock.WALL, new Seconds(10, 2),
                LiveStarts::measureProcesses);
    }

    private static List<Reading> measureProcesses(Bench bench) throws UnsupportedHereException {
        Sample create = new Sample("process.fork-exec");
        Sample init = new Sample("process.python-init");
        Sample exit = new Sample("process.exit");
        int rounds = bench.rounds(PROCESSES);
        try (LiveBench live = new LiveBench(bench, bench.config(), "process")) {
            live.settle("", SETTLING);
            for (int i = 0; i < rounds; i++) {
                live.destroyIfAny();
                live.renew();
                create.add(live.startNs(Phase.CREATE));
                init.add(live.startNs(Phase.INIT));
                for (int c = 0; c < WARM_CALLS; c++) {
                    live.call(LiveBench.WORK, LiveBench.NOTHING);
                }
                exit.add(live.destroy());
            }
        }
        return List.of(create.exactly("processes made", create.count(), rounds).reading(), init.reading(), exit.reading());
    }
}
