package sandglass.des;

import java.util.stream.Stream;
import sandglass.platform.Timeline;

/**
 * Scheduling twice, as on a host of virtual machines: each guest runs its tasks round robin on virtual CPUs, and the
 * host runs the virtual CPUs of all guests, round robin, on its cores. A task waits when its guest runs another and also
 * when the host runs another guest. A guest's quantum is time that its virtual CPU has run.
 */
public final class DoubleScheduler {

    private final Timeline timeline;
    private final QuantumScheduler host;
    private long guestSwitches;

    /**
     * @param hostCores how many virtual CPUs run at once
     * @param hostQuantumNs how long a virtual CPU runs before it lets a waiting one run
     * @param hostSwitchNs what it costs a core to take a virtual CPU
     */
    public DoubleScheduler(Timeline timeline, int hostCores, long hostQuantumNs, long hostSwitchNs) {
        this.timeline = timeline;
        host = new QuantumScheduler(timeline, hostCores, hostQuantumNs, hostSwitchNs);
    }

    /**
     * A virtual machine. It takes no memory here beyond what the caller keeps of it, and nothing has to be done when it
     * goes, once its jobs are done or removed.
     *
     * @return its scheduler; the cores it counts busy are virtual CPUs with something to run, whether they run or wait
     */
    public QuantumScheduler guest(int vcpus, long quantumNs, long switchNs) {
        return new QuantumScheduler(timeline, Stream.generate(() -> new Vcpu(timeline, host)).limit(vcpus).toList(),
            quantumNs, switchNs, () -> guestSwitches++);
    }

    /** The host's scheduler, whose jobs are virtual CPUs; the difference of the two counts of busy cores is stolen time. */
    public QuantumScheduler host() {
        return host;
    }

    /** Context switches on the host, from one virtual CPU to another. */
    public long hostSwitches() {
        return host.contextSwitches();
    }

    /** Context switches inside all guests so far, from one task to another. */
    public long guestSwitches() {
        return guestSwitches;
    }
}
