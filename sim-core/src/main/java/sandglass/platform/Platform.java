package sandglass.platform;

import java.util.List;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Function;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Streams;

/**
 * The control plane: takes invocations, asks policies and drives sandboxes; what it decides when stands in the
 * package's documentation. One run per instance, on the timeline's thread.
 */
public final class Platform implements SandboxListener {

    private final List<Function> functions;
    private final Timeline timeline;
    private final Recorder recorder;
    private final Occupancy occupancy;
    private final Identities identities;
    private final Pools pools;
    private final Calls calls;
    private final Warnings warnings = new Warnings();
    private final Course course;
    private final SandboxRuntime runtime;
    private final Fleet fleet;

    /**
     * @param functions what arrivals' function numbers count
     * @param recorder takes the statistics
     * @param runtime makes what carries sandboxes out, given whom to report to
     * @throws IllegalArgumentException if the load never ends, or ends within the warm-up by its own length
     */
    public Platform(Scenario scenario, List<Function> functions, Timeline timeline, Streams streams, PolicySet policies,
            Recorder recorder, java.util.function.Function<SandboxListener, SandboxRuntime> runtime) {
        this.functions = List.copyOf(functions);
        this.timeline = timeline;
        this.recorder = recorder;
        occupancy = recorder.occupancy();
        identities = new Identities(scenario, recorder.exactClock());
        pools = new Pools(scenario, functions);
        calls = new Calls(recorder, pools, streams.named("work"),
            scenario.policies().keepAlive() instanceof Policies.KeepAlive.Histogram);
        course = new Course(scenario, timeline, streams, this);
        this.runtime = runtime.apply(this);
        fleet = new Fleet(scenario, this.functions, timeline, policies, this.runtime, occupancy, calls, pools, course,
            warnings);
    }

    /**
     * Arms the first timers of the run; the timeline then carries it on.
     *
     * @param arrivals the source of invocations; null for loads that follow completions
     * @param whenDone called when the last sandbox is gone
     */
    public void begin(ArrivalProcess arrivals, Runnable whenDone) {
        course.begin(arrivals, whenDone);
    }

    /** Whether the run has come to its end. */
    public boolean isDone() {
        return course.isDone();
    }

    /**
     * Makes sure that the run has come to its end.
     *
     * @throws IllegalStateException if the timeline has nothing left to do before
     */
    public void requireDone() {
        if (!course.isDone()) {
            throw identities.violated("a run ends with the last sandbox",
                occupancy.inSystem + " invocations in the system, " + fleet.waiting().size() + " of them in line, "
                + occupancy.alive + " sandboxes alive, and nothing is going to happen", now());
        }
    }

    /** What a reader of the result should know. */
    public List<String> warnings() {
        return warnings.texts();
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    // What a load does.

    /** An invocation arrives. */
    void arrive(int function, long serviceNs, int client) {
        long nowNs = now();
        fleet.serve(calls.admit(function, serviceNs, client, nowNs), nowNs);
    }

    /** An invocation arrives for which a new sandbox must be made. */
    void arriveAtNew(int function) {
        long nowNs = now();
        fleet.place(calls.admit(function, -1, -1, nowNs), false, nowNs);
    }

    /** A sandbox is made that nobody waits for; false if there is no room. */
    boolean make(int function) {
        return fleet.makeSpare(pools.own(function), false, now());
    }

    /** Nothing arrives any more. */
    void exhausted() {
        now();
        course.exhausted();
    }

    // What a sandbox reports.

    @Override
    public void phaseEnded(Sandbox sandbox, Phase phase, long ns) {
        sandbox.reportedNs += ns;
        switch (phase) {
            case RUN -> { }
            case CREATE -> sandbox.createNs = ns;
            case BOOT -> sandbox.bootNs = ns;
            case INIT -> sandbox.initNs = ns;
            default -> recorder.phase(phase, ns);
        }
    }

    @Override
    public void started(Sandbox sandbox) {
        long nowNs = now();
        endVerb(sandbox, Sandbox.State.STARTING, nowNs);
        sandbox.readyNs = nowNs;
        Invocation invocation = sandbox.invocation;
        if (invocation != null || course.isPopulation()) {
            recorder.coldStart(sandbox);
        }
        if (invocation != null) {
            calls.unbind();
            fleet.serveFirst(sandbox, invocation, nowNs);
        } else {
            sandbox.pool.spares.remove(sandbox);
            sandbox.pool.spareFailures = 0;
            fleet.becomeIdle(sandbox, nowNs);
            course.spareSettled();
        }
    }

    @Override
    public void running(Sandbox sandbox, Invocation invocation) {
        invocation.beginNs = timeline.nowNs();
        sandbox.assigned = functions.get(invocation.function);
    }

    @Override
    public void completed(Sandbox sandbox, Invocation invocation) {
        long nowNs = now();
        endVerb(sandbox, Sandbox.State.RUNNING, nowNs);
        occupancy.running--;
        sandbox.invocation = null;
        int client = invocation.client;
        calls.done(invocation, nowNs);
        fleet.afterUse(sandbox, nowNs);
        course.load().answered(client, true);
        course.answered();
    }

    @Override
    public void recycled(Sandbox sandbox) {
        long nowNs = now();
        endVerb(sandbox, Sandbox.State.RECYCLING, nowNs);
        fleet.recycled(sandbox, nowNs);
        course.answered();
    }

    @Override
    public void evicted(Sandbox sandbox) {
        long nowNs = now();
        endVerb(sandbox, Sandbox.State.EVICTING, nowNs);
        identities.lifetime(sandbox, nowNs);
        recorder.gone(sandbox, nowNs);
        fleet.bury(sandbox, nowNs);
        fleet.useRoom(sandbox.pool, nowNs);
        course.sandboxGone();
    }

    @Override
    public void refused(Sandbox sandbox) {
        long nowNs = now();
        requireState(sandbox, Sandbox.State.STARTING, nowNs);
        fleet.discard(sandbox);
        Invocation invocation = sandbox.invocation;
        if (invocation != null) {
            calls.unbind();
            fleet.place(invocation, true, nowNs);
        } else {
            spareLost("the host had no memory for a sandbox that nobody waited for yet");
            fleet.useIdle(nowNs);
        }
        course.sandboxGone();
    }

    @Override
    public void failed(Sandbox sandbox, String reason) {
        long nowNs = now();
        Sandbox.State state = sandbox.state;
        Invocation invocation = sandbox.invocation;
        warnings.add("sandbox " + sandbox.id() + " failed while " + state + ": " + reason);
        fleet.bury(sandbox, nowNs);
        if (invocation != null) {
            if (state == Sandbox.State.STARTING) {
                calls.unbind();
            }
            fleet.reject(invocation, nowNs);
        } else if (state == Sandbox.State.STARTING) {
            sandbox.pool.spareFailures++;
            spareLost("a sandbox that nobody waited for yet could not be made");
        }
        fleet.useRoom(sandbox.pool, nowNs);
        course.answered();
        course.sandboxGone();
    }

    private void spareLost(String warning) {
        warnings.add(warning);
        course.load().refused();
        course.spareSettled();
    }

    // What the course of the run asks for.

    void fillPools() {
        pools.all().forEach(fleet::refill);
    }

    /** Whether a sandbox is being made that nobody waits for. */
    boolean spareIsMade() {
        return pools.all().stream().anyMatch(pool -> !pool.spares.isEmpty());
    }

    int inSystem() {
        return occupancy.inSystem;
    }

    /** Whether every invocation has left and every sandbox is clean. */
    boolean isSettled() {
        return occupancy.inSystem == 0 && fleet.isClean();
    }

    int alive() {
        return occupancy.alive;
    }

    void measuringBegins() {
        long nowNs = now();
        recorder.begin(nowNs);
        runtime.measuringBegins();
        calls.check(identities, fleet.waiting().size(), nowNs);
    }

    /** The measured time ends; {@code cut}: what waits is dropped, and what runs does not count. */
    void measuringEnds(boolean cut) {
        long nowNs = now();
        recorder.end(nowNs, cut);
        runtime.measuringEnds();
        calls.check(identities, fleet.waiting().size(), nowNs);
        if (cut) {
            fleet.cutWaiting(nowNs);
        }
    }

    void evictIdle() {
        fleet.evictIdle(now());
    }

    void checkEnd() {
        long nowNs = now();
        calls.checkEnd(identities, nowNs);
        identities.allGone(occupancy, pools.all().stream().mapToInt(pool -> pool.members + pool.idleCount()).sum(),
            nowNs);
    }

    private void endVerb(Sandbox sandbox, Sandbox.State verb, long nowNs) {
        requireState(sandbox, verb, nowNs);
        identities.verb(sandbox, nowNs);
        sandbox.phasesNs += sandbox.reportedNs;
        sandbox.reportedNs = 0;
        sandbox.sinceNs = nowNs;
    }

    private void requireState(Sandbox sandbox, Sandbox.State state, long nowNs) {
        if (sandbox.state != state) {
            throw identities.violated("a runtime ends only what it was told to do", sandbox + " ended " + state, nowNs);
        }
    }

    private long now() {
        long nowNs = timeline.nowNs();
        occupancy.advance(nowNs);
        return nowNs;
    }
}
