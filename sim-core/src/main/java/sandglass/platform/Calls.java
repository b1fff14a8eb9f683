package sandglass.platform;

import sandglass.scenario.Uniforms;

/**
 * The invocations in the system, and how many came to which end. Instances are used again, so that a call allocates
 * nothing.
 */
final class Calls {

    private final Occupancy occupancy;
    private final Recorder recorder;
    private final Pools pools;
    private final Uniforms draws;
    private final boolean recordsIdleTimes;
    private Invocation unused;
    private long arrived;
    private long done;
    private long rejected;
    private long cut;
    private long timesInSystemNs;
    /** Those that wait for a sandbox which is being made for them. */
    private int bound;

    Calls(Recorder recorder, Pools pools, Uniforms draws, boolean recordsIdleTimes) {
        this.occupancy = recorder.occupancy();
        this.recorder = recorder;
        this.pools = pools;
        this.draws = draws;
        this.recordsIdleTimes = recordsIdleTimes;
    }

    /** An invocation enters the system. */
    Invocation admit(int function, long serviceNs, int client, long nowNs) {
        Invocation invocation = unused;
        if (invocation == null) {
            invocation = new Invocation();
        } else {
            unused = invocation.next;
            invocation.next = null;
        }
        invocation.function = function;
        invocation.arrivalNs = nowNs;
        invocation.serviceNs = serviceNs;
        invocation.cold = false;
        invocation.draw = draws.next();
        invocation.client = client;
        arrived++;
        occupancy.inSystem++;
        recorder.arrived(invocation);
        Pool own = pools.own(function);
        own.uses++;
        if (recordsIdleTimes) {
            own.busy(nowNs);
        }
        return invocation;
    }

    /** It waits for a sandbox which is being made for it. */
    void bind(Invocation invocation) {
        invocation.cold = true;
        bound++;
    }

    /** The sandbox is there, or will never be. */
    void unbind() {
        bound--;
    }

    /** It was served. */
    void done(Invocation invocation, long nowNs) {
        done++;
        recorder.completed(invocation, nowNs);
        leave(invocation, nowNs);
    }

    /** It was turned away. */
    void rejected(Invocation invocation, long nowNs) {
        rejected++;
        recorder.rejected(invocation);
        leave(invocation, nowNs);
    }

    /** Its wait was cut off at the horizon. */
    void cut(Invocation invocation, long nowNs) {
        cut++;
        leave(invocation, nowNs);
    }

    private void leave(Invocation invocation, long nowNs) {
        occupancy.inSystem--;
        timesInSystemNs += nowNs - invocation.arrivalNs;
        if (recordsIdleTimes) {
            pools.own(invocation.function).lessBusy(nowNs);
        }
        invocation.next = unused;
        unused = invocation;
    }

    /** Asserts what must hold at any time. */
    void check(Identities identities, int inLine, long nowNs) {
        identities.arrivals(arrived, done, inLine + bound + cut, occupancy.running, rejected, nowNs);
    }

    /** Asserts what must hold once nothing is left. */
    void checkEnd(Identities identities, long nowNs) {
        check(identities, 0, nowNs);
        identities.littlesLaw(occupancy.inSystemIntegral(), timesInSystemNs, nowNs);
    }
}
