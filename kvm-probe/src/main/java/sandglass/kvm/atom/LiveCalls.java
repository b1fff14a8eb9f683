package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;
import static sandglass.unit.Unit.NANOSECONDS_PER_PAGE;
import static sandglass.unit.Unit.RATIO;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.measure.LoopSpeed;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/**
 * What a call costs on a real stack, in parts that add up: a call of the function that acts out described work, on a sandbox that has
 * served before, through the threads of a real run. Kinds of call alternate, so that other work on the host meets all alike; what
 * a part costs is the difference of medians, and the whole call's spread stays in the one part that every call has.
 */
final class LiveCalls {

    /** A function that does nothing, not even look at its event. */
    private static final String EMPTY = "def handler(event, etl):\n    pass\n";
    private static final int ROUNDS = 300;
    private static final int SETTLING = 400;
    private static final int SWITCHES = 100;
    private static final int TOUCHED = 512;
    private static final int MANY_TOUCHED = 2048;
    private static final long SLEEP_NS = 1_000_000;
    private static final long COMPUTE_NS = 2_000_000;
    private static final int EVERY = 5;
    private static final int LOOP_SPEED_EVERY = 60;
    private static final int TOUCH_TURNS = 3;
    private static final int TOUCHES = 20;
    /** Slower than those after them. */
    private static final int FIRST_CALLS = 4;

    private LiveCalls() {
    }

    static Atom unikernel() {
        return new Atom("usetl-call", Set.of("usetl"), List.of(
                new Quantity("kvm.pio-exit", NANOSECONDS, "a system call of the guest: exit to the monitor, answer, entry"),
                new Quantity("usetl.import-function", NANOSECONDS, "compiling and executing the function's source, beyond that of an empty one"),
                new Quantity("usetl.invoke", NANOSECONDS, "a whole call without work right after another, less its exits and the compiling"),
                new Quantity("usetl.cold-call", NANOSECONDS, "what a pause of 50 ms before it adds to a call"),
                new Quantity("kvm.compute-overhead", RATIO, "computing in the guest over computing on the host"),
                new Quantity("usetl.sleep", NANOSECONDS, "by how much a sleep of 1 ms returns late"),
                new Quantity("usetl.map-memory", NANOSECONDS, "asking for memory, beyond its exit"),
                new Quantity("usetl.touch-again", NANOSECONDS_PER_PAGE, "a write to a page that an earlier function of the clone wrote"),
                new Quantity("recycle.base", NANOSECONDS, "recycling without copying: scan, registers, tables"),
                new Quantity("recycle.cold", NANOSECONDS, "what a pause before the call adds to the recycling after it, less its copies"),
                new Quantity("recycle.copy-page", NANOSECONDS_PER_PAGE, "copying a written page back"),
                new Quantity("recycle.cold-copy-page", NANOSECONDS_PER_PAGE, "what a pause of 50 ms before the call adds to that"),
                new Quantity("recycle.drop-page", NANOSECONDS_PER_PAGE, "giving a written page back, of more than 1024")),
                "calls with and without one kind of work, alternating, each by a woken thread, recycled; differences of medians",
                Clock.WALL, new Seconds(26, 5), bench -> new Calls(bench, "usetl").measure());
    }

    /** @param stack one whose functions are processes of the host */
    static Atom withoutGuest(String stack) {
        List<Quantity> quantities = new ArrayList<>(List.of(
                new Quantity(stack + ".import-function", NANOSECONDS, "the first call of a sandbox, right after its making, beyond a second one"),
                new Quantity(stack + ".invoke", NANOSECONDS, "a whole call without work right after another, its system calls contained"),
                new Quantity(stack + ".cold-call", NANOSECONDS, "what a pause of 50 ms before it adds to a call"),
                new Quantity(stack + ".compute-overhead", RATIO, "computing in a called process over computing in a loop of the host's own"),
                new Quantity(stack + ".sleep", NANOSECONDS, "by how much a sleep of 1 ms returns late"),
                new Quantity(stack + ".touch-page", NANOSECONDS_PER_PAGE, "the first write to a page of fresh memory, with the asking for it")));
        return new Atom(stack + "-call", Set.of(stack), quantities,
                "calls with and without one kind of work, alternating, each by a woken thread; differences of medians",
                Clock.WALL, stack.equals("zygote") ? new Seconds(18, 4) : new Seconds(24, 4), bench -> new Calls(bench, stack).measure());
    }

    /** One stack's calls. */
    private static final class Calls {

        private final Bench bench;
        private final String stack;
        private final boolean guest;
        private final Map<String, Sample> samples = new LinkedHashMap<>();
        private final Sample dirty = new Sample("dirty");
        private long exits = -1;
        private boolean exitsVary;

        Calls(Bench bench, String stack) {
            this.bench = bench;
            this.stack = stack;
            this.guest = stack.equals("usetl");
        }

        private Sample of(String kind) {
            return samples.computeIfAbsent(kind, Sample::new);
        }

        List<Reading> measure() throws UnsupportedHereException {
            long turns = Math.round(COMPUTE_NS / turn());
            Sample firstCall = new Sample("first call");
            try (LiveBench live = new LiveBench(bench, bench.config(), stack)) {
                live.settle("", SETTLING);
                for (int i = 0; !guest && i < bench.rounds(30); i++) {
                    live.renew();
                    firstCall.add(live.callAfter(0, LiveBench.WORK, LiveBench.NOTHING).ns());
                    of("second call").add(live.callAfter(0, LiveBench.WORK, LiveBench.NOTHING).ns());
                }
                live.renew();
                live.call(LiveBench.WORK, LiveBench.NOTHING);
                live.recycle();
                int rounds = bench.rounds(ROUNDS);
                for (int i = 0; i < rounds; i++) {
                    if (i % LOOP_SPEED_EVERY == 0) {
                        turn();
                    }
                    round(live, i, turns);
                }
                touches(live);
                double computeNs = turns * median("turn");
                return guest ? unikernel(live, computeNs) : process(live, firstCall, computeNs);
            }
        }

        /** How fast the host itself turns the loop, now and again between the calls: a host's speed wanders. */
        private double turn() {
            double turnNs = LoopSpeed.turnNs(bench.config().interpreter());
            of("turn").add(turnNs);
            return turnNs;
        }

        private void round(LiveBench live, int i, long turns) {
            nothing(live);
            live.callAfter(0, LiveBench.WORK, LiveBench.NOTHING);
            live.recycle();
            of("warm").add(live.callAfter(0, LiveBench.WORK, LiveBench.NOTHING).ns());
            of("recycle warm").add(live.recycle().ns());
            if (guest) {
                of("warm empty").add(live.callAfter(0, EMPTY, LiveBench.NOTHING).ns());
                live.recycle();
            }
            if (i % EVERY == 0) {
                of("cold").add(live.callAfter(LiveBench.COLD_PAUSE_NS, LiveBench.WORK, LiveBench.NOTHING).ns());
                of("recycle cold").add(live.recycle().ns());
                once(live, "switch", LiveBench.WORK, LiveBench.op("switch", SWITCHES));
                once(live, "compute", LiveBench.WORK, LiveBench.op("compute", turns));
                once(live, "sleep", LiveBench.WORK, LiveBench.op("wait", SLEEP_NS));
            }
        }

        /** On sandboxes of their own: written pages stay with a clone, so that later calls would find them. In turn, as the other kinds. */
        private void touches(LiveBench live) {
            for (int turn = 0; turn < TOUCH_TURNS; turn++) {
                if (guest) {
                    // One right after the other: copying what is in the caches is cheaper.
                    again(live, 0, "touch 1", LiveBench.op("touch", 1));
                    again(live, 0, "touch", LiveBench.op("touch", TOUCHED));
                    again(live, 0, "touch nothing", LiveBench.NOTHING);
                    again(live, LiveBench.COLD_PAUSE_NS, "touch cold", LiveBench.op("touch", TOUCHED));
                    again(live, LiveBench.COLD_PAUSE_NS, "nothing cold", LiveBench.NOTHING);
                    again(live, 0, "touch many", LiveBench.op("touch", MANY_TOUCHED));
                    continue;
                }
                for (int i = 0; i < bench.rounds(TOUCHES); i++) {
                    live.renew();
                    live.call(LiveBench.WORK, LiveBench.NOTHING);
                    of("touch").add(live.call(LiveBench.WORK, LiveBench.op("touch", TOUCHED)).ns());
                }
            }
        }

        private void again(LiveBench live, long pauseNs, String kind, String event) {
            live.comeAfter(pauseNs);
            live.renew();
            for (int i = 0; i < FIRST_CALLS; i++) {
                live.call(LiveBench.WORK, event);
                live.recycle();
            }
            for (int i = 0; i < bench.rounds(TOUCHES); i++) {
                once(live, kind, LiveBench.WORK, event);
            }
            live.comeAfter(LiveBench.PAUSE_NS);
        }

        private void nothing(LiveBench live) {
            LiveBench.Served served = live.call(LiveBench.WORK, LiveBench.NOTHING);
            of("nothing").add(served.ns());
            exitsVary |= exits >= 0 && exits != served.exits();
            exits = served.exits();
            LiveBench.Cleaned cleaned = live.recycle();
            of("recycle nothing").add(cleaned.ns());
            if (cleaned.dirtyPages() >= 0) {
                dirty.add(cleaned.dirtyPages());
            }
        }

        private void once(LiveBench live, String kind, String source, String event) {
            of(kind).add(live.call(source, event).ns());
            LiveBench.Cleaned cleaned = live.recycle();
            of("recycle " + kind).add(cleaned.ns());
            if (cleaned.dirtyPages() >= 0) {
                of("dirty " + kind).add(cleaned.dirtyPages());
            }
        }

        private double median(String kind) {
            return of(kind).median();
        }

        private Sample derived(String parameter, String kind, double less, double divisor) {
            Sample result = new Sample(parameter);
            of(kind).forEach(value -> result.add(Math.max(0, value - less) / divisor));
            return guest ? result.atMost("calls with another number of exits", exitsVary ? 1 : 0, 0) : result;
        }

        private List<Reading> unikernel(LiveBench live, double computeNs) {
            double nothing = median("nothing");
            double exit = (median("switch") - nothing) / SWITCHES;
            double compiling = Math.max(0, median("warm") - median("warm empty"));
            double copy = perPage("touch", "touch nothing");
            double recycling = median("recycle warm");
            long limit = sandglass.kvm.usf.UsfConfig.defaults().copyBackPages();
            List<Reading> readings = new ArrayList<>();
            readings.add(live.guarded(derived("kvm.pio-exit", "switch", nothing, SWITCHES)).reading());
            readings.add(live.guarded(constant("usetl.import-function", compiling)).middle());
            readings.add(live.guarded(derived("usetl.invoke", "warm", compiling + exits * exit, 1)).reading());
            readings.add(live.guarded(coldCall()).middle());
            readings.add(live.guarded(derived("kvm.compute-overhead", "compute", nothing, computeNs)).reading());
            readings.add(derived("usetl.sleep", "sleep", nothing + SLEEP_NS + sleepExits() * exit, 1).reading());
            readings.add(constant("usetl.map-memory", Math.max(0, median("touch 1") - median("warm") - exit)).middle());
            readings.add(derived("usetl.touch-again", "touch", median("touch 1"), TOUCHED - 1).reading());
            readings.add(derived("recycle.base", "recycle warm", copy * dirty.median(), 1).reading());
            double coldCopy = Math.max(0, perPage("touch cold", "nothing cold") - copy);
            readings.add(constant("recycle.cold", Math.max(0, median("recycle cold") - recycling - coldCopy * dirty.median())).middle());
            readings.add(constant("recycle.copy-page", copy).middle());
            readings.add(constant("recycle.cold-copy-page", coldCopy).middle());
            double dropped = median("dirty touch many") - dirty.median();
            readings.add(dropped > limit
                    ? derived("recycle.drop-page", "recycle touch many", recycling, dropped).middle()
                    : new Reading.Unsupported("recycle.drop-page", "a function wrote " + dropped + " pages, too few to be given back",
                            "give unikernels more memory"));
            return readings;
        }

        /** The sleeps' exits are seen in the numbers of system calls: a look at the clock and the sleep itself. */
        private static long sleepExits() {
            return 2;
        }

        private double perPage(String more, String less) {
            double pages = median("dirty " + more) - dirty.median();
            return pages <= 0 ? 0 : Math.max(0, (median("recycle " + more) - median("recycle " + less)) / pages);
        }

        private Sample coldCall() {
            return constant(stack + ".cold-call", Math.max(0, median("cold") - median("warm")));
        }

        private Sample constant(String parameter, double value) {
            Sample sample = new Sample(parameter);
            for (int i = 0; i < of("nothing").count(); i++) {
                sample.add(value);
            }
            return sample;
        }

        private List<Reading> process(LiveBench live, Sample first, double computeNs) {
            double nothing = median("nothing");
            return List.of(
                    derivedFirst(first).reading(),
                    live.guarded(derived(stack + ".invoke", "warm", 0, 1)).reading(),
                    live.guarded(derived(stack + ".compute-overhead", "compute", nothing, computeNs)).reading(),
                    derived(stack + ".sleep", "sleep", nothing + SLEEP_NS, 1).reading(),
                    derived(stack + ".touch-page", "touch", nothing, TOUCHED).reading(),
                    live.guarded(coldCall()).middle());
        }

        private Sample derivedFirst(Sample first) {
            Sample result = new Sample(stack + ".import-function");
            double second = median("second call");
            first.forEach(value -> result.add(Math.max(0, value - second)));
            return result;
        }
    }
}
