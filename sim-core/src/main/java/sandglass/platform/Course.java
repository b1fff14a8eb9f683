package sandglass.platform;

import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Streams;

/** The course of one run: pools are filled, the load arrives, what is under way is finished, sandboxes are evicted. */
final class Course {

    private enum Stage {
        NEW,
        FILLING,
        OPEN,
        FINISHING,
        DRAINING,
        DONE
    }

    private final Scenario scenario;
    private final Timeline timeline;
    private final Streams streams;
    private final Platform platform;
    private final Timer warmup;
    private final Timer horizon;
    private final boolean cut;
    private Stage stage = Stage.NEW;
    private LoadDriver load;
    private Runnable whenDone;
    private boolean measuring;
    private boolean exhausted;

    Course(Scenario scenario, Timeline timeline, Streams streams, Platform platform) {
        check(scenario.length(), scenario.load());
        this.scenario = scenario;
        this.timeline = timeline;
        this.streams = streams;
        this.platform = platform;
        this.warmup = timeline.timer(this::beginMeasuring);
        this.horizon = timeline.timer(this::close);
        this.cut = scenario.policies().atHorizon() == Policies.AtHorizon.CUT;
    }

    LoadDriver load() {
        return load;
    }

    boolean isPopulation() {
        return scenario.load() instanceof Load.Population;
    }

    /** Whether the load may still arrive. */
    boolean isOpen() {
        return stage == Stage.OPEN;
    }

    boolean mayFillPools() {
        return stage.compareTo(Stage.OPEN) <= 0;
    }

    /** Whether every sandbox goes as soon as it is idle. */
    boolean isDraining() {
        return stage == Stage.DRAINING;
    }

    void begin(ArrivalProcess arrivals, Runnable done) {
        whenDone = done;
        load = driver(arrivals);
        if (scenario.start() == Scenario.Start.POOL) {
            platform.fillPools();
        }
        stage = Stage.FILLING;
        spareSettled();
    }

    private static void check(Length length, Load load) {
        if (length.end() instanceof Length.End.Duration duration && duration.ns() <= length.warmupNs()) {
            throw new IllegalArgumentException("length: the run ends at " + duration.ns()
                + " ns, within its warm-up of " + length.warmupNs() + " ns");
        }
        boolean endless = load instanceof Load.Closed || load instanceof Load.Open;
        if (endless && length.end() instanceof Length.End.LoadExhausted) {
            throw new IllegalArgumentException("length: an open or closed load is never exhausted; "
                + "give a number of invocations or a duration");
        }
    }

    private LoadDriver driver(ArrivalProcess arrivals) {
        Length.End end = scenario.length().end();
        long most = end instanceof Length.End.Invocations invocations ? invocations.count() : Long.MAX_VALUE;
        long durationNs = end instanceof Length.End.Duration duration ? duration.ns() : Long.MAX_VALUE;
        int functions = scenario.functions().size();
        if (scenario.load() instanceof Load.Closed closed) {
            return new ClosedLoad(closed, functions, platform, timeline, streams, most);
        }
        if (scenario.load() instanceof Load.Population population) {
            return new PopulationLoad(population, functions, platform, timeline);
        }
        return new ProcessLoad(arrivals, platform, timeline, most, durationNs);
    }

    /** A sandbox that was made for nobody is ready or refused. */
    void spareSettled() {
        if (stage == Stage.FILLING && !platform.spareIsMade()) {
            open();
        }
    }

    private void open() {
        stage = Stage.OPEN;
        long originNs = timeline.nowNs();
        if (scenario.length().warmupNs() > 0) {
            warmup.at(originNs + scenario.length().warmupNs());
        } else {
            beginMeasuring();
        }
        if (scenario.length().end() instanceof Length.End.Duration duration) {
            horizon.at(originNs + duration.ns());
        }
        load.begin();
    }

    private void beginMeasuring() {
        measuring = true;
        platform.measuringBegins();
    }

    /** Nothing arrives any more. */
    void exhausted() {
        exhausted = true;
        answered();
    }

    /** An invocation has left the system, or a sandbox is clean again. */
    void answered() {
        if (stage == Stage.OPEN && exhausted && !horizon.armed() && (cut || platform.isSettled())) {
            close();
        } else if (stage == Stage.FINISHING && platform.inSystem() == 0) {
            drain();
        }
    }

    private void close() {
        stage = Stage.FINISHING;
        load.stop();
        warmup.cancel();
        if (!measuring) {
            platform.warn("the run ended within its warm-up, so that nothing was measured");
            beginMeasuring();
        }
        platform.measuringEnds(cut);
        answered();
    }

    private void drain() {
        stage = Stage.DRAINING;
        platform.evictIdle();
        sandboxGone();
    }

    /** A sandbox has left the host. */
    void sandboxGone() {
        if (stage == Stage.DRAINING && platform.alive() == 0) {
            stage = Stage.DONE;
            platform.checkEnd();
            whenDone.run();
        }
    }

    /** Whether the run has come to its end. */
    boolean isDone() {
        return stage == Stage.DONE;
    }
}
