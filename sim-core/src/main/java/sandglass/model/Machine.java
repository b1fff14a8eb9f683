package sandglass.model;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import sandglass.des.QuantumScheduler;
import sandglass.platform.SandboxListener;
import sandglass.platform.Timeline;
import sandglass.scenario.Function;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;

/** What all sandboxes of a host have in common: its clock, its contended resources, its books, and the walks that wait to be used again. */
final class Machine {

    private static final long LONG_AGO_NS = Long.MIN_VALUE / 2;

    private final Timeline timeline;
    private final SandboxListener listener;
    private final ModelObserver observer;
    private final Plans plans;
    private final Books books;
    private final Tenants tenants;
    private final HostCpu cpu;
    private final HostMemory memory;
    private final Poller poller;
    private final boolean madeWithFunction;
    private final boolean sharesNothing;
    private final boolean keepsMemory;
    private final Stack.GuestScheduler guestScheduler;
    private final boolean twice;
    private final SerialServer creationLock = new SerialServer();
    private final double exclusiveShare;
    private final int perProcess;
    private final Mutex addressSpace;
    private final Mutex creationMutex;
    private final SerialServer disk = new SerialServer();
    private final SerialServer link = new SerialServer();
    private final GracePeriod gracePeriod;
    private final Deque<Walk> unused = new ArrayDeque<>();
    private final Cooling cooling;
    private final long[] endedNs = new long[Phase.values().length];
    private long toldNs = LONG_AGO_NS;
    private long copiedNs = LONG_AGO_NS;
    private Walk served;
    private int living;

    /**
     * @param poller null where notifications are interrupts
     * @param twice whether guests schedule on their own
     * @param graceMemoryNs for how long after one {@link GracePeriod} none is waited for
     * @param exclusiveShare of what is done in the address space, 0 to 1
     */
    Machine(Scenario scenario, Timeline timeline, SandboxListener listener, ModelObserver observer, Plans plans, Books books,
            Tenants tenants, HostCpu cpu, boolean twice, HostMemory memory, Poller poller, Cooling cooling, long graceMemoryNs,
            double exclusiveShare) {
        this.cooling = cooling;
        Arrays.fill(endedNs, LONG_AGO_NS);
        gracePeriod = new GracePeriod(graceMemoryNs);
        this.timeline = timeline;
        this.listener = listener;
        this.observer = observer;
        this.plans = plans;
        this.books = books;
        this.tenants = tenants;
        this.cpu = cpu;
        addressSpace = new Mutex(new OneJob(cpu::compute));
        this.exclusiveShare = exclusiveShare;
        creationMutex = new Mutex(new PartlyExclusive(this::exclusiveNs, addressSpace::compute, new OneJob(cpu::compute)));
        perProcess = scenario.stack().perProcess();
        this.twice = twice;
        this.memory = memory;
        this.poller = poller;
        sharesNothing = !(scenario.policies().sharing() instanceof Policies.Sharing.ByConstruction);
        madeWithFunction = scenario.stack().interchangeable() == Stack.Interchangeable.PER_FUNCTION;
        keepsMemory = scenario.stack().recycle() == Stack.Recycle.KEEP;
        guestScheduler = scenario.stack().guestScheduler();
    }

    Timeline timeline() {
        return timeline;
    }

    SandboxListener listener() {
        return listener;
    }

    ModelObserver observer() {
        return observer;
    }

    Plans plans() {
        return plans;
    }

    HostCpu cpu() {
        return cpu;
    }

    Mutex addressSpace() {
        return addressSpace;
    }

    /** For how long of so long in the address space nobody else can be there. */
    long exclusiveNs(long ns) {
        return Math.round(exclusiveShare * ns);
    }

    /** How many sandboxes are in the process of the newest one beside it: as if those before it had filled theirs one after the other. */
    int neighbours() {
        return (living - 1) % perProcess;
    }

    Mutex creationMutex() {
        return creationMutex;
    }

    HostMemory memory() {
        return memory;
    }

    /** Whether each sandbox has its own copy of everything as it is made. */
    boolean sharesNothing() {
        return sharesNothing;
    }

    /** Whether a sandbox has its function's memory from the start, not only when it is assigned. */
    boolean madeWithFunction() {
        return madeWithFunction;
    }

    /** Whether what a function asked for is there for the next invocation. */
    boolean keepsMemory() {
        return keepsMemory;
    }

    /** The tenant of the function with this index. */
    int tenant(int function) {
        return tenants.of(function);
    }

    /** The tenant of a function. */
    int tenant(Function function) {
        return tenants.of(function);
    }

    /**
     * How fast caches lose what is not used: after so many ns they have all but 1/e of it; 0 if they are cold at once.
     *
     * @param phaseNs        what phases use
     * @param recycleNs      what recycling uses
     * @param controlPlaneNs what the control plane uses
     */
    record Cooling(double phaseNs, double recycleNs, double controlPlaneNs) {}

    /** The control plane has told a sandbox to do something. */
    void told() {
        toldNs = timeline.nowNs();
    }

    /** A phase has ended in some sandbox. */
    void ended(Phase phase) {
        endedNs[phase.ordinal()] = timeline.nowNs();
    }

    /** A sandbox has got its copies of pages that recycling copies back. */
    void copiedFirst() {
        copiedNs = timeline.nowNs();
    }

    /** A sandbox has been made. */
    void made() {
        served = null;
    }

    /** A sandbox has served. */
    void served(Walk walk) {
        served = walk;
    }

    /** Whether another sandbox has served, or any has been made, since this one last served. */
    boolean displaced(Walk walk) {
        return served != walk;
    }

    /** Whether a phase of some sandbox ends at this instant. */
    boolean hasJustEnded() {
        long nowNs = timeline.nowNs();
        for (long ns : endedNs) {
            if (ns == nowNs) {
                return true;
            }
        }
        return false;
    }

    /** By which share the caches have cooled that the control plane uses, since it last told any sandbox to do something. */
    double controlPlaneCooled() {
        return cooledSince(toldNs, cooling.controlPlaneNs);
    }

    /** By which share the caches have cooled that such a phase uses, since one last ended in any sandbox. */
    double cooled(Phase phase) {
        long sinceNs = endedNs[phase.ordinal()];
        return phase == Phase.RECYCLE ? cooledSince(Math.max(sinceNs, copiedNs), cooling.recycleNs) : cooledSince(sinceNs, cooling.phaseNs);
    }

    /** Others evict what a stack has there, each cache line at some time or other, so that what is left falls exponentially. */
    private double cooledSince(long sinceNs, double coolingNs) {
        return coolingNs == 0 ? 1 : -Math.expm1((sinceNs - timeline.nowNs()) / coolingNs);
    }

    /** When a demand that comes now at a serial place is done. */
    long doneNs(Place place, long demandNs) {
        long nowNs = timeline.nowNs();
        return switch (place) {
            case CREATION_LOCK -> creationLock.doneNs(nowNs, demandNs);
            case DISK -> disk.doneNs(nowNs, demandNs);
            case LINK -> link.doneNs(nowNs, demandNs);
            case GRACE_PERIOD -> gracePeriod.doneNs(nowNs, demandNs);
            default -> throw new IllegalArgumentException("nobody queues at " + place);
        };
    }

    /** The virtual processor of a sandbox made for this function; {@code own} if it has one already. Null where there are none. */
    QuantumScheduler guestFor(Function function, QuantumScheduler own) {
        if (!twice) {
            return null;
        }
        if (guestScheduler == Stack.GuestScheduler.TENANT_AND_HOST) {
            return cpu.guestOf(function.app());
        }
        return own == null ? cpu.guest() : own;
    }

    /** A walk for a new sandbox. */
    Walk take() {
        if (poller != null) {
            poller.watch(1);
        }
        living++;
        return unused.isEmpty() ? new Walk(this) : unused.pop();
    }

    /** A sandbox has served an invocation. */
    void completed(Walk walk) {
        books.completed();
        memory.served(walk.footprint());
    }

    /** Takes back the walk of a sandbox that is gone, and its memory. */
    void release(Walk walk) {
        memory.remove(walk.footprint());
        refused(walk);
    }

    /** Takes back the walk of a sandbox that never was. */
    void refused(Walk walk) {
        if (poller != null) {
            poller.watch(-1);
        }
        living--;
        walk.sandbox().attach(null);
        served = served == walk ? null : served;
        unused.push(walk);
    }
}
