package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;
import static sandglass.unit.Unit.NANOSECONDS_PER_PAGE;
import static sandglass.unit.Unit.PAGES;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.probe.ControlPlane;
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
    private static final int HAND_OVERS = 400;

    private LiveStarts() {
    }

    static Atom handOver() {
        return new Atom("hand-over", Set.of(Atom.HOST), List.of(
                new Quantity("platform.hand-over", NANOSECONDS,
                        "from when an arrival is due, on a host that was idle, through the control plane's thread to the worker's"),
                new Quantity("platform.follow-up", NANOSECONDS,
                        "from the end of a call, through the control plane's thread, to a worker's recycling")),
                "the control plane with sandboxes of nothing, whose calls spin for 300 us, one after the other with pauses of 15 ms", Clock.WALL,
                new Seconds(10, 3), LiveStarts::measureHandOver);
    }

    private static List<Reading> measureHandOver(Bench bench) {
        int rounds = bench.rounds(HAND_OVERS);
        ControlPlane.Lags lags = ControlPlane.measure(bench.clockNs(), bench.config(), LiveBench.PAUSE_NS, rounds);
        Sample arrival = new Sample("platform.hand-over");
        Sample end = new Sample("platform.follow-up");
        Arrays.stream(lags.arrivalNs()).forEach(arrival::add);
        Arrays.stream(lags.endNs()).forEach(end::add);
        return List.of(arrival.exactly("invocations", arrival.count(), rounds).reading(),
                end.exactly("recyclings", end.count(), rounds).reading());
    }

    static Atom unikernel() {
        return new Atom("usetl-clone", Set.of("usetl"), List.of(
                new Quantity("usetl.clone", NANOSECONDS, "the making of a clone of the template, write set populated, until it waits for a function"),
                new Quantity("usetl.first-touches", PAGES, "faults of the first call of a clone that KVM counts, beyond those of a later one"),
                new Quantity("kvm.stage2-fault", NANOSECONDS, "one of these faults: the first call less a later one, by their number"),
                new Quantity("usetl.touch-page", NANOSECONDS_PER_PAGE, "the first write to a page of memory not used before, beyond such a fault"),
                new Quantity("usetl.teardown", NANOSECONDS, "the destruction of a clone, less its pages"),
                new Quantity("linux.free-page", NANOSECONDS_PER_PAGE, "each page that the clone had written")),
                "clones made one after the other, called, some with 512 pages written, and destroyed", Clock.WALL, new Seconds(18, 5),
                LiveStarts::measureClones);
    }

    private static List<Reading> measureClones(Bench bench) throws UnsupportedHereException {
        Sample clone = new Sample("usetl.clone");
        Sample touches = new Sample("usetl.first-touches");
        Sample first = new Sample("first call");
        Sample later = new Sample("later call");
        Sample touch = new Sample("touch");
        Sample dirty = new Sample("dirty");
        Sample teardown = new Sample("close");
        Sample fullTeardown = new Sample("close after touches");
        int unlikeFaults = 0;
        try (LiveBench live = new LiveBench(bench, bench.config(), "usetl")) {
            live.settle("", SETTLING);
            int rounds = bench.rounds(ROUNDS);
            for (int i = 0; i < rounds; i++) {
                live.destroyIfAny();
                live.renew();
                clone.add(live.startNs(Phase.CREATE));
                LiveBench.Served one = live.call(LiveBench.WORK, LiveBench.NOTHING);
                live.recycle();
                LiveBench.Served next = live.call(LiveBench.WORK, LiveBench.NOTHING);
                dirty.add(live.recycle().dirtyPages());
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
            }
        }
        double warm = later.median();
        double count = touches.median();
        Sample fault = new Sample("kvm.stage2-fault");
        first.forEach(ns -> fault.add(Math.max(0, ns - warm) / count));
        double faultNs = fault.median();
        Sample page = new Sample("usetl.touch-page");
        touch.forEach(ns -> page.add(Math.max(0, (ns - warm) / TOUCHED - faultNs)));
        double freeNs = Math.max(0, (fullTeardown.median() - teardown.median()) / TOUCHED);
        Sample free = new Sample("linux.free-page");
        fullTeardown.forEach(ns -> free.add(freeNs));
        Sample empty = new Sample("usetl.teardown");
        teardown.forEach(ns -> empty.add(Math.max(0, ns - dirty.median() * freeNs)));
        return List.of(clone.reading(), touches.atMost("clones whose first call does not fault more than a later one", unlikeFaults, 0).reading(),
                fault.atMost("clones whose first call does not fault more than a later one", unlikeFaults, 0).reading(), page.reading(),
                empty.reading(), free.middle());
    }

    static Atom process() {
        return new Atom("process-start", Set.of("process"), List.of(
                new Quantity("process.fork-exec", NANOSECONDS, "fork and exec of the interpreter, until the parent goes on"),
                new Quantity("process.python-init", NANOSECONDS, "from then until the runner waits for a function"),
                new Quantity("process.exit", NANOSECONDS, "killing a process and waiting until it is gone")),
                "processes of the process stack made one after the other, called a few times and destroyed", Clock.WALL, new Seconds(20, 5),
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
