package sandglass.kvm.measure;

import java.util.Map;
import sandglass.kvm.vm.KvmStats;

/**
 * What KVM itself counted in one stretch of a vCPU's life. The names are the kernel's
 * (arch/x86/kvm/x86.c, kvm_vcpu_stats_desc).
 *
 * @param exits        how often the guest was left, for whatever reason
 * @param ioExits      for port I/O
 * @param mmioExits    for accesses to addresses without memory
 * @param haltExits    for HLT
 * @param faults       page faults that KVM took care of in its own tables
 * @param interrupts   interrupts of the host and the windows asked for to deliver some
 * @param signals      returns to the monitor because of a signal
 * @param emulated     instructions that KVM carried out itself
 */
public record KernelCounters(long exits, long ioExits, long mmioExits, long haltExits, long faults, long interrupts,
        long signals, long emulated) {

    /** Nothing counted. */
    public static final KernelCounters NONE = new KernelCounters(0, 0, 0, 0, 0, 0, 0, 0);

    /** The counters now, since the vCPU was made. */
    public static KernelCounters now(KvmStats stats) {
        return of(stats.read());
    }

    /** The counters by KVM's own names; those that a kernel does not have count nothing. */
    public static KernelCounters of(Map<String, Long> values) {
        return new KernelCounters(of(values, "exits"), of(values, "io_exits"), of(values, "mmio_exits"),
                of(values, "halt_exits"), of(values, "pf_taken"),
                of(values, "irq_exits") + of(values, "irq_window_exits") + of(values, "nmi_window_exits"),
                of(values, "signal_exits"), of(values, "insn_emulation"));
    }

    private static long of(Map<String, Long> values, String name) {
        return values.getOrDefault(name, 0L);
    }

    /** What was counted since an earlier reading. */
    public KernelCounters since(KernelCounters earlier) {
        return new KernelCounters(exits - earlier.exits, ioExits - earlier.ioExits, mmioExits - earlier.mmioExits,
                haltExits - earlier.haltExits, faults - earlier.faults, interrupts - earlier.interrupts,
                signals - earlier.signals, emulated - earlier.emulated);
    }

    /** Both together. */
    public KernelCounters plus(KernelCounters other) {
        return new KernelCounters(exits + other.exits, ioExits + other.ioExits, mmioExits + other.mmioExits,
                haltExits + other.haltExits, faults + other.faults, interrupts + other.interrupts,
                signals + other.signals, emulated + other.emulated);
    }
}
