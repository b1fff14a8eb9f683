package sandglass.model;

import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.platform.Timer;
import sandglass.scenario.Function;
import sandglass.scenario.Phase;

/**
 * One sandbox's way through its phases, stage by stage. Stretches that wait for nothing are added up and cost one event
 * together; a stretch at a server is one event of its own. A walk is attached to its sandbox and used again when that is gone.
 */
final class Walk {

    private static final Phase[] START = {Phase.CREATE, Phase.BOOT, Phase.INIT};
    private static final Phase[] FIRST_RUN = {Phase.READY, Phase.RUN};
    private static final Phase[] RUN = {Phase.RUN};
    private static final Phase[] RECYCLE = {Phase.RECYCLE};
    private static final Phase[] EVICT = {Phase.EVICT};

    private final Machine machine;
    private final Timer timer;
    private Sandbox sandbox;
    private Invocation invocation;
    private Function function;
    private boolean assigned;

    private Phase[] verb;
    private int phaseAt;
    private Stage[] stages;
    private int at;
    private long phaseBeganNs;
    private Place pendingPlace;
    private long pendingNs;
    private boolean resumed;

    Walk(Machine machine) {
        this.machine = machine;
        timer = machine.timeline().timer(this::resume);
    }

    /** Begins the life of a sandbox: CREATE, BOOT, INIT. */
    void start(Sandbox made) {
        sandbox = made;
        function = made.madeFor();
        assigned = false;
        begin(START);
    }

    /** Serves an invocation: READY if nothing was assigned since the sandbox was ready, then RUN. */
    void run(Invocation served) {
        invocation = served;
        function = machine.plans().function(served.function);
        begin(assigned ? RUN : FIRST_RUN);
    }

    void recycle() {
        begin(RECYCLE);
    }

    void evict() {
        begin(EVICT);
    }

    Sandbox sandbox() {
        return sandbox;
    }

    /** Pages that a step per dirty page repeats for. */
    long dirtyUnits() {
        return 0;
    }

    long imagePages() {
        return 0;
    }

    long codeBytes() {
        return function.codeBytes();
    }

    int modules() {
        return function.modules();
    }

    /** The service time that the trace gives for the invocation at hand, ns. */
    long recordedNs() {
        return invocation.serviceNs;
    }

    /** The invocation's draw of this index, uniform on (0, 1). */
    double uniform(int index) {
        return index == 0 ? invocation.draw : Mix.uniform(invocation.draw, index);
    }

    private void begin(Phase[] phases) {
        if (timer.armed() || pendingNs != 0) {
            throw new IllegalStateException("sandbox " + sandbox.id() + " is told to do something while it is in " + verb[phaseAt]
                    + ", at " + machine.timeline().nowNs() + " ns");
        }
        verb = phases;
        phaseAt = 0;
        resumed = false;
        enter();
        proceed();
    }

    private void enter() {
        phaseBeganNs = machine.timeline().nowNs();
        at = 0;
        Phase phase = verb[phaseAt];
        if (phase == Phase.RUN) {
            assigned = true;
            stages = machine.plans().work(invocation);
            machine.listener().running(sandbox, invocation);
        } else {
            stages = machine.plans().phase(phase);
        }
    }

    /** An event that the walk waited for has happened. */
    void resume() {
        resumed = true;
        proceed();
    }

    private void proceed() {
        while (passStages()) {
            boolean last = phaseAt + 1 == verb.length;
            if (last && !resumed) {
                timer.at(machine.timeline().nowNs());
                return;
            }
            machine.listener().phaseEnded(sandbox, verb[phaseAt], machine.timeline().nowNs() - phaseBeganNs);
            if (last) {
                finish();
                return;
            }
            phaseAt++;
            enter();
        }
    }

    /** Passes stages until an event must be waited for (false) or the phase is over (true). */
    private boolean passStages() {
        while (at < stages.length) {
            Stage stage = stages[at];
            Place place = stage.place();
            if (pendingNs != 0 && place != pendingPlace) {
                spendPending();
                return false;
            }
            at++;
            pendingNs += stage.demandNs(this);
            pendingPlace = place;
            if (place.serial() && pendingNs != 0) {
                spendPending();
                return false;
            }
        }
        if (pendingNs != 0) {
            spendPending();
            return false;
        }
        return true;
    }

    private void spendPending() {
        long ns = pendingNs;
        pendingNs = 0;
        long nowNs = machine.timeline().nowNs();
        switch (pendingPlace) {
            case ELAPSE -> timer.at(nowNs + ns);
            case CORES, GUEST -> machine.cpu().compute(this, ns);
            case CREATION_LOCK -> timer.at(machine.creationLock().doneNs(nowNs, ns));
            case DISK -> timer.at(machine.disk().doneNs(nowNs, ns));
            case LINK -> timer.at(machine.link().doneNs(nowNs, ns));
            default -> throw new IllegalStateException("no time passes at " + pendingPlace);
        }
    }

    private void finish() {
        Sandbox about = sandbox;
        switch (verb[phaseAt]) {
            case INIT -> machine.listener().started(about);
            case RUN -> {
                Invocation served = invocation;
                invocation = null;
                machine.books().completed();
                machine.listener().completed(about, served);
            }
            case RECYCLE -> {
                assigned = false;
                machine.listener().recycled(about);
            }
            case EVICT -> {
                machine.release(this);
                machine.listener().evicted(about);
            }
            default -> throw new IllegalStateException("no verb ends with " + verb[phaseAt]);
        }
    }
}
