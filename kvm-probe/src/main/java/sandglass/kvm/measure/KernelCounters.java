package sandglass.kvm.measure;

import java.util.Map;
import java.util.function.ToLongFunction;
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
        return of(stats.now());
    }

    /** The counters by KVM's own names; those that a kernel does not have count nothing. */
    public static KernelCounters of(Map<String, Long> values) {
        return of(name -> values.getOrDefault(name, 0L));
    }

    private static KernelCounters of(ToLongFunction<String> value) {
        return new KernelCounters(value.applyAsLong("exits"), value.applyAsLong("io_exits"), value.applyAsLong("mmio_exits"),
                value.applyAsLong("halt_exits"), value.applyAsLong("pf_taken"),
                value.applyAsLong("irq_exits") + value.applyAsLong("irq_window_exits") + value.applyAsLong("nmi_window_exits"),
                value.applyAsLong("signal_exits"), value.applyAsLong("insn_emulation"));
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
