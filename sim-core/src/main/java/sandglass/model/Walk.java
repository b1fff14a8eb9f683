package sandglass.model;

import sandglass.des.Job;
import sandglass.des.QuantumScheduler;
import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.platform.Timer;
import sandglass.scenario.Function;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.unit.Quantities;

/**
 * One sandbox's way through its phases, stage by stage. Stretches that wait for nothing are added up and cost one event
 * together; a stretch at a server is one event of its own. A walk is attached to its sandbox and used again when that is gone.
 */
final class Walk {

    private static final Phase[] START = {Phase.CREATE, Phase.BOOT, Phase.INIT};
    private static final Phase[] READY_AND_RUN = {Phase.READY, Phase.RUN};
    private static final Phase[] RUN = {Phase.RUN};
    private static final Phase[] RECYCLE = {Phase.RECYCLE};
    private static final Phase[] EVICT = {Phase.EVICT};

    private final Machine machine;
    private final Timer timer;
    private final Runnable resume = this::resume;
    private final Job job = new Job(resume);
    /** What the control plane's threads compute for the sandbox. */
    private final Job told = new Job(resume);
    private final Footprint footprint = new Footprint();
    private final Fork fork;
    private Sandbox sandbox;
    private Invocation invocation;
    private Stage[] work;
    private Function function;
    private QuantumScheduler guest;
    private int tenant;
    private boolean assigned;
    private boolean used;
    private long touched;
    private long touchedFresh;
    private long newlyDirty;
    private double controlPlaneCooled;
    private boolean followsUp;
    private double cooled;
    private boolean displaced;
    private boolean transferred;
    private int documents;
    private int neighbours;

    private Phase[] verb;
    private int phaseAt;
    private Stage[] stages;
    private int at;
    private long phaseBeganNs;
    private Place pendingPlace;
    private long pendingNs;
    private int wakeUps;
    private long pieceNs;
    private boolean awake;
    private boolean slept;
    private long transferBeganNs;
    private boolean resumed;

    Walk(Machine machine) {
        this.machine = machine;
        timer = machine.timeline().timer(this::resume);
        fork = new Fork(machine, timer);
    }

    /** Begins the life of a sandbox, CREATE, BOOT, INIT; false, and nothing begun, if the host lacks memory for it. */
    boolean start(Sandbox made) {
        sandbox = made;
        function = made.madeFor();
        tenant = machine.tenant(function);
        if (!machine.memory().add(footprint, machine.madeWithFunction() ? function.residentBytes() : 0)) {
            return false;
        }
        assigned = false;
        used = false;
        touched = 0;
        touchedFresh = 0;
        transferred = false;
        documents = 0;
        displaced = false;
        if (machine.plans().structure().warmed() && !roomToWarm()) {
            machine.memory().remove(footprint);
            return false;
        }
        guest = machine.guestFor(function, guest);
        neighbours = machine.neighbours();
        job.forget();
        begin(START);
        return true;
    }

    private boolean roomToWarm() {
        return admit(footprint.functionBytes, machine.plans().phase(Phase.INIT));
    }

    /** Makes room for what these stages take. */
    private boolean admit(long functionBytes, Stage[] all) {
        Occupies occupies = Occupies.NOTHING;
        long pages = 0;
        long fresh = 0;
        for (Stage stage : all) {
            if (stage instanceof Touch touch) {
                pages += touch.fresh() ? 0 : touch.pages(this);
                fresh += touch.fresh() ? touch.pages(this) : 0;
            } else if (stage instanceof Occupies more) {
                occupies = used ? more.again() : more;
            }
        }
        return machine.memory().admit(footprint, functionBytes, occupies, pages, fresh);
    }

    /** Makes room for all that an invocation takes and writes; false, and nothing changed, if the host lacks the memory. */
    boolean admit(Invocation served) {
        Stage[] stagesOfRun = machine.plans().work(served);
        invocation = served;
        long functionBytes = assigned ? footprint.functionBytes : machine.plans().function(served.function).residentBytes();
        boolean admitted = admit(functionBytes, stagesOfRun);
        work = admitted ? stagesOfRun : null;
        return admitted;
    }

    /** Serves the invocation that was admitted: READY if nothing was assigned since the sandbox was ready, then RUN. */
    void run(Invocation served) {
        if ((work == null || invocation != served) && !admit(served)) {
            throw new IllegalStateException("sandbox " + sandbox.id() + " is told to run what the host has no memory for, at "
                    + machine.timeline().nowNs() + " ns");
        }
        function = machine.plans().function(served.function);
        tenant = machine.tenant(served.function);
        touched = 0;
        touchedFresh = 0;
        documents = 0;
        begin(assigned && machine.plans().again().length == 0 ? RUN : READY_AND_RUN);
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

    Footprint footprint() {
        return footprint;
    }

    Branches branches() {
        return fork.branches();
    }

    /** Pages that the last touch has written for the first time. */
    long newlyDirty() {
        return newlyDirty;
    }

    /** Pages written since the sandbox was made or gave them back. */
    long dirtyPages() {
        return footprint.dirty + footprint.fresh;
    }

    /** Pages that stay with the sandbox because it has sent so much. */
    long sentPages() {
        return footprint.keptBytes / Quantities.PAGE_BYTES;
    }

    /** Those of the written pages that stay private when the sandbox is recycled. */
    long keptPages() {
        return machine.plans().structure().keptPages(dirtyPages());
    }

    /** Whether nothing has run in the sandbox yet. */
    boolean firstRun() {
        return !used;
    }

    /** Whatever the first invocation copies has been copied. */
    void hasMetItsPages() {
        if (firstRun()) {
            machine.copiedFirst();
        }
    }

    /** The share by which the caches had cooled that the phase at hand uses, when it began. */
    double cooled() {
        return cooled;
    }

    /** Whether another sandbox had served, or any had been made, since this one last served, when its call began. */
    boolean displaced() {
        return displaced;
    }

    /** The same for the control plane, when it told the sandbox to do what it does. */
    double controlPlaneCooled() {
        return controlPlaneCooled;
    }

    /** Whether it was told since another verb had just ended. */
    boolean followsUp() {
        return followsUp;
    }

    /** Whether the sandbox has got or posted anything since it was made. */
    boolean transferred() {
        return transferred;
    }

    /** How many documents the invocation has got. */
    int documents() {
        return documents;
    }

    /** How many sandboxes were in its process when it was made. */
    int neighbours() {
        return neighbours;
    }

    long firstTouched() {
        return machine.plans().structure().firstTouched();
    }

    /** Whether the last touch needed memory that the function did not hold: a kept sandbox holds what it had. */
    boolean asksForMemory() {
        return newlyDirty > 0 || !machine.keepsMemory();
    }

    boolean sharesNothing() {
        return machine.sharesNothing();
    }

    long imagePages() {
        return machine.memory().layout().imagePages();
    }

    long codeBytes() {
        return function.codeBytes();
    }

    int modules() {
        return function.modules();
    }

    /** On whose behalf it runs: an index into {@link Books}. */
    int tenant() {
        return tenant;
    }

    /** Whether the invocation at hand arrived in the measured time. */
    boolean countsInvocation() {
        return invocation != null && invocation.isCounted();
    }

    /** The service time that the trace gives for the invocation at hand, ns. */
    long recordedNs() {
        return invocation.serviceNs;
    }

    /** The invocation's draw of this index, uniform on (0, 1); the middle for the one that only warms a sandbox. */
    double uniform(int index) {
        return invocation == null ? 0.5 : invocation.draw(index);
    }

    /**
     * Writes to {@code pages} pages that this invocation has not written to yet, of the image or {@code fresh} ones. An invocation writes to
     * the same pages as the one before it, so that only what goes beyond is dirty for the first time.
     */
    void touch(long pages, boolean fresh) {
        long before = dirtyPages();
        if (fresh) {
            touchedFresh += pages;
            machine.memory().writeFresh(footprint, touchedFresh);
        } else {
            touched += pages;
            machine.memory().write(footprint, touched);
        }
        newlyDirty = dirtyPages() - before;
    }

    private void begin(Phase[] phases) {
        if (footprint.busy) {
            throw new IllegalStateException("sandbox " + sandbox.id() + " is told to do something while it is in " + verb[phaseAt]
                    + ", at " + machine.timeline().nowNs() + " ns");
        }
        footprint.busy = true;
        controlPlaneCooled = machine.controlPlaneCooled();
        followsUp = machine.hasJustEnded();
        if (!followsUp) {
            machine.told();
        }
        told.forget();
        verb = phases;
        phaseAt = 0;
        resumed = false;
        enter();
        pendingNs = followsUp ? machine.cpu().lateNs() : machine.cpu().lateArrivalNs();
        pendingPlace = Place.ELAPSE;
        proceed();
    }

    private void enter() {
        phaseBeganNs = machine.timeline().nowNs();
        at = 0;
        slept = false;
        Phase phase = verb[phaseAt];
        // What warms a new sandbox is a call.
        cooled = phase == Phase.READY ? controlPlaneCooled : machine.cooled(phase == Phase.INIT ? Phase.RUN : phase);
        if (phase == Phase.RUN) {
            assigned = true;
            displaced = used && machine.displaced(this);
            stages = work;
            work = null;
            machine.listener().running(sandbox, invocation);
        } else {
            stages = phase == Phase.READY && assigned ? machine.plans().again() : machine.plans().phase(phase);
        }
    }

    /** An event that the walk waited for has happened. */
    private void resume() {
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
            machine.ended(verb[phaseAt]);
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
        while (wakeUps > 0) {
            goOnAfterSleep();
            if (pendingNs != 0) {
                spendPending();
                return false;
            }
        }
        while (at < stages.length) {
            Stage stage = stages[at];
            Place place = place(stage);
            if (place == Place.MARK && (pendingNs == 0 || pendingPlace == Place.ELAPSE)) {
                mark((TransferMark) stage);
                at++;
                continue;
            }
            if (pendingNs != 0 && place != pendingPlace) {
                spendPending();
                return false;
            }
            at++;
            long ns = stage.demandNs(this);
            if (place == Place.FORK) {
                fork.begin(ns);
                return false;
            }
            wakeUps = place == Place.CORES ? stage.wakeUps() : 0;
            pieceNs = ns / (wakeUps + 1);
            pendingNs += ns - wakeUps * pieceNs;
            pendingPlace = place;
            if ((place.serial() || wakeUps > 0) && pendingNs != 0) {
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

    /** The next piece of what somebody does who sleeps between its pieces: he is woken, perhaps late, and gets a core when one is due to him. */
    private void goOnAfterSleep() {
        if (awake) {
            pendingNs = pieceNs;
            pendingPlace = Place.CORES;
            wakeUps--;
        } else {
            who().forget();
            slept = true;
            pendingNs = machine.cpu().lateNs();
            pendingPlace = Place.ELAPSE;
        }
        awake = !awake;
    }

    /** Who has run before meets no page for the first time. */
    private Place place(Stage stage) {
        return stage.place() == Place.ADDRESS_SPACE && !firstRun() ? Place.CORES : stage.place();
    }

    private void mark(TransferMark mark) {
        long nowNs = machine.timeline().nowNs() + pendingNs;
        if (mark.begins()) {
            transferBeganNs = nowNs;
            transferred = true;
            documents += mark.op() instanceof Op.Get ? 1 : 0;
        } else {
            machine.observer().transfer(mark.op(), nowNs - transferBeganNs);
        }
    }

    private void spendPending() {
        long ns = pendingNs;
        pendingNs = 0;
        switch (pendingPlace) {
            case ELAPSE -> timer.at(machine.timeline().nowNs() + ns);
            case CORES -> {
                who().waitItsTurn(slept);
                machine.cpu().compute(who(), ns);
            }
            case CREATION_MUTEX -> machine.creationMutex().compute(ns, resume);
            case ADDRESS_SPACE -> {
                long exclusiveNs = machine.exclusiveNs(ns);
                pendingNs = ns - exclusiveNs;
                pendingPlace = Place.CORES;
                machine.addressSpace().compute(exclusiveNs, resume);
            }
            case GUEST -> guest.start(job, ns);
            default -> timer.at(machine.doneNs(pendingPlace, ns));
        }
    }

    /** Whose share of the cores it takes: its own where it runs, else that of a thread which has slept before. */
    private Job who() {
        Phase phase = verb[phaseAt];
        return phase == Phase.RUN || phase == Phase.INIT ? job : told;
    }

    private void finish() {
        footprint.busy = false;
        Sandbox about = sandbox;
        switch (verb[phaseAt]) {
            case INIT -> {
                if (machine.plans().structure().warmed()) {
                    used = true;
                    machine.ended(Phase.RECYCLE);
                    machine.memory().restore(footprint, keptPages());
                }
                // An interpreter that starts uses the code that calls use.
                machine.made();
                if (used) {
                    machine.served(this);
                }
                if (machine.plans().phase(Phase.INIT).length > 0) {
                    machine.ended(Phase.RUN);
                }
                machine.listener().started(about);
            }
            case RUN -> {
                Invocation served = invocation;
                invocation = null;
                used = true;
                machine.served(this);
                machine.completed(this);
                machine.listener().completed(about, served);
            }
            case RECYCLE -> {
                assigned = false;
                machine.memory().restore(footprint, keptPages());
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
