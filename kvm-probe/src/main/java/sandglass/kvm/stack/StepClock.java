package sandglass.kvm.stack;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.measure.ControlGroup;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.SystemCallException;

/**
 * Times the steps of a sandbox's making or ending, one after the other: how long each took, and how much core time went into it. Core time is
 * that of the calling thread, of commands that were run and have ended, and of the processes and groups that are watched; it is right only
 * while this program makes one sandbox at a time, since the kernel adds up all ended children.
 */
final class StepClock {

    private final LongSupplier clockNs;
    private final Map<String, LiveSandbox.Step> steps = new LinkedHashMap<>();
    private final Map<Long, Long> watched = new LinkedHashMap<>();
    private ControlGroup group;
    private long groupCpuNs;
    private long beginNs;
    private long ownCpuNs;

    /** The first step begins now. */
    StepClock(LongSupplier clockNs) {
        this.clockNs = clockNs;
        beginNs = clockNs.getAsLong();
        ownCpuNs = ownCpuNs();
    }

    private static long ownCpuNs() {
        return Clocks.threadCpuNs() + Linux.endedChildrenCpuNs();
    }

    /** From now on a process that was there before counts. */
    StepClock watch(long pid) {
        watched.put(pid, processCpuNs(pid));
        return this;
    }

    /** A process that did not exist when the present step began: all that it has used counts. */
    void watchNew(long pid) {
        watched.put(pid, 0L);
    }

    /** From now on a group counts; for what ends, since a group remembers its processes. */
    StepClock watch(ControlGroup another) {
        group = another;
        groupCpuNs = another.cpuNs().orElse(0);
        return this;
    }

    /** A step has ended, the next begins. */
    void ended(String name) {
        endedAt(clockNs.getAsLong(), name);
    }

    /**
     * A step ended at a time that somebody else took, on the same clock: how late its word of that is heard is chance. Core time is counted up to
     * now.
     *
     * @param stampNs taken for the nearest end if it is not between the step's beginning and now: a restored process may have another clock
     */
    void endedBefore(long stampNs, String name) {
        endedAt(Math.max(beginNs, Math.min(stampNs, clockNs.getAsLong())), name);
    }

    private void endedAt(long endNs, String name) {
        long own = ownCpuNs();
        long cpuNs = own - ownCpuNs;
        ownCpuNs = own;
        for (Map.Entry<Long, Long> process : watched.entrySet()) {
            long used = processCpuNs(process.getKey());
            cpuNs += Math.max(0, used - process.getValue());
            process.setValue(Math.max(used, process.getValue()));
        }
        if (group != null) {
            long used = group.cpuNs().orElse(groupCpuNs);
            cpuNs += Math.max(0, used - groupCpuNs);
            groupCpuNs = used;
        }
        steps.put(name, new LiveSandbox.Step(endNs - beginNs, cpuNs));
        beginNs = endNs;
    }

    private static long processCpuNs(long pid) {
        try {
            return Linux.processCpuNs(pid);
        } catch (SystemCallException ended) {
            return 0;
        }
    }

    Map<String, LiveSandbox.Step> steps() {
        return steps;
    }

    /** All steps so far together, ns. */
    long elapsedNs() {
        return steps.values().stream().mapToLong(LiveSandbox.Step::ns).sum();
    }
}
