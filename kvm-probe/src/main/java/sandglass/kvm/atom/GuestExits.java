package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.Vcpu;
import sandglass.kvm.vm.VcpuExit;
import sandglass.kvm.vm.Vm;
import sandglass.result.Clock;

/**
 * What KVM's own steps cost, by a guest of a few instructions: ways to leave it, first touches of memory by its kind, the making of
 * a machine's parts. KVM's counters say whether what was measured is what was meant.
 */
final class GuestExits {

    private static final int ROUNDS = 400;
    private static final int TURNS = 100;
    private static final int PAGES = 256;
    private static final int PAGE_ROUNDS = 40;
    /** For a read, KVM maps what lies beside the page too if the host has it. */
    private static final double MOST_PAGES_A_FAULT = 16;
    private static final int MACHINES = 100;
    private static final Set<String> STACKS = Set.of("usetl", "vm");
    /** What KVM carries out itself is no measure of what hardware would do. */
    private static final String EMULATED = "emulated instructions an exit";

    private GuestExits() {
    }

    static Atom exits() {
        return new Atom("guest-exits", STACKS, List.of(
                new Quantity("kvm.system-call-exit", NANOSECONDS, "SYSCALL of the guest, its stub's OUT, exit to the monitor and entry"),
                new Quantity("kvm.mmio-exit", NANOSECONDS, "a store to an address without memory, exit to the monitor and entry"),
                new Quantity("kvm.halt-exit", NANOSECONDS, "HLT in kernel mode, exit to the monitor, processor state reloaded, entry"),
                new Quantity("kvm.ioeventfd", NANOSECONDS, "a store that the kernel takes as an event, without exit to the monitor"),
                new Quantity("kvm.kernel-exit", NANOSECONDS, "CPUID, which the kernel answers, without exit to the monitor"),
                new Quantity("kvm.hypercall", NANOSECONDS, "VMCALL, which the kernel answers, without exit to the monitor")),
                "a guest of a few instructions in user mode, entered from Java; those that the kernel handles 100 a round, less a round of none",
                Clock.WALL, new Seconds(1, 0.5), GuestExits::measureExits);
    }

    private static List<Reading> measureExits(Bench bench) {
        try (Kvm kvm = Kvm.open(); Fd events = Linux.eventFd()) {
            List<Reading> readings = new ArrayList<>();
            readings.add(tried("kvm.system-call-exit", () -> systemCalls(bench, kvm)));
            readings.add(tried("kvm.mmio-exit", () -> stores(bench, kvm)));
            readings.add(tried("kvm.halt-exit", () -> halts(bench, kvm)));
            readings.add(tried("kvm.ioeventfd", () -> inKernel("kvm.ioeventfd", bench, kvm, RawGuest.STORES, events)));
            readings.add(tried("kvm.kernel-exit", () -> inKernel("kvm.kernel-exit", bench, kvm, RawGuest.CPUID, null)));
            readings.add(tried("kvm.hypercall", () -> inKernel("kvm.hypercall", bench, kvm, RawGuest.HYPERCALL, null)));
            return readings;
        }
    }

    /** A way to leave the guest that this KVM does not have shows itself by another exit. */
    private static Reading tried(String parameter, Supplier<Reading> measurement) {
        try {
            return measurement.get();
        } catch (IllegalStateException e) {
            return new Reading.Unsupported(parameter, "this KVM does otherwise: " + e.getMessage(), "use a host with VT-x or SVM");
        }
    }

    private static Reading systemCalls(Bench bench, Kvm kvm) {
        Sample sample = new Sample("kvm.system-call-exit");
        try (RawGuest guest = new RawGuest(bench, kvm, RawGuest.SYSTEM_CALL)) {
            int rounds = bench.rounds(ROUNDS);
            settle(guest, rounds);
            KernelCounters before = guest.counters();
            for (int i = 0; i < rounds; i++) {
                sample.add(guest.round(RawGuest.WINDOW, 0));
            }
            KernelCounters counted = guest.counters().since(before);
            return sample.atMost("rounds without an exit", Math.max(0, rounds - counted.exits()), 0)
                    .atMost(EMULATED, (double) counted.emulated() / rounds, 1).reading();
        }
    }

    private static void settle(RawGuest guest, int rounds) {
        for (int i = 0; i < Math.min(rounds, TURNS); i++) {
            guest.round(RawGuest.WINDOW, 1);
        }
    }

    private static Reading stores(Bench bench, Kvm kvm) {
        Sample sample = new Sample("kvm.mmio-exit");
        try (RawGuest guest = new RawGuest(bench, kvm, RawGuest.STORE)) {
            int rounds = bench.rounds(ROUNDS);
            guest.address(RawGuest.WINDOW);
            guest.enter();
            KernelCounters before = guest.counters();
            for (int i = 0; i < rounds; i++) {
                sample.add(guest.enter());
                if (!(guest.exit() instanceof VcpuExit.Mmio)) {
                    throw new IllegalStateException("a store stopped the guest with " + guest.exit());
                }
            }
            KernelCounters counted = guest.counters().since(before);
            return sample.exactly("MMIO exits", counted.mmioExits(), rounds).atMost(EMULATED, (double) counted.emulated() / rounds, 1).reading();
        }
    }

    private static Reading halts(Bench bench, Kvm kvm) {
        Sample sample = new Sample("kvm.halt-exit");
        try (RawGuest guest = new RawGuest(bench, kvm, RawGuest.EXCEPTION)) {
            int rounds = bench.rounds(ROUNDS);
            guest.enter();
            KernelCounters before = guest.counters();
            for (int i = 0; i < rounds; i++) {
                guest.restart();
                sample.add(guest.enter());
                if (!(guest.exit() instanceof VcpuExit.Halt)) {
                    throw new IllegalStateException("HLT stopped the guest with " + guest.exit());
                }
            }
            KernelCounters counted = guest.counters().since(before);
            return sample.atMost(EMULATED, (double) counted.emulated() / rounds, 0).reading();
        }
    }

    /** @param events counts the stores, or null if there are none */
    private static Reading inKernel(String parameter, Bench bench, Kvm kvm, String code, Fd events) {
        Sample none = new Sample("none");
        Sample many = new Sample("many");
        try (RawGuest guest = new RawGuest(bench, kvm, code)) {
            if (events != null) {
                guest.vm().notifyAt(RawGuest.WINDOW, events);
            }
            int rounds = bench.rounds(ROUNDS / 2);
            settle(guest, rounds);
            KernelCounters before = guest.counters();
            for (int i = 0; i < rounds; i++) {
                none.add(guest.round(RawGuest.WINDOW, 1));
                many.add(guest.round(RawGuest.WINDOW, TURNS + 1));
            }
            KernelCounters counted = guest.counters().since(before);
            Sample sample = new Sample(parameter);
            double fixedNs = none.median();
            many.forEach(ns -> sample.add(Math.max(0, ns - fixedNs) / TURNS));
            double handled = (double) rounds * (TURNS + 2);
            return sample.atMost("turns without an exit to the kernel, share", 1 - (counted.exits() - 2.0 * rounds) / handled, 0.01)
                    .atMost("emulated instructions a turn", counted.emulated() / handled, 1.1).reading();
        }
    }

    static Atom faults() {
        return new Atom("guest-faults", STACKS, List.of(
                new Quantity("kvm.fault-present", NANOSECONDS, "the guest's first read of pages that the host has in its tables"),
                new Quantity("kvm.fault-anonymous", NANOSECONDS, "the guest's first write to a page of fresh anonymous memory"),
                new Quantity("kvm.fault-page-cache", NANOSECONDS, "the guest's first read of pages that the host has in its page cache only"),
                new Quantity("kvm.fault-copy-on-write", NANOSECONDS, "the guest's first write to a page of a private view of a memory file")),
                "a guest of a few instructions touches 256 new pages in sequence; time by the number of faults, with the exit at the end",
                Clock.WALL, new Seconds(2, 0.5), GuestExits::measureFaults);
    }

    private enum Memory { PRESENT, ANONYMOUS, PAGE_CACHE, COPY_ON_WRITE }

    private static List<Reading> measureFaults(Bench bench) {
        try (Kvm kvm = Kvm.open(); Fd file = Linux.memoryFile("atom", (long) PAGES * Linux.PAGE_BYTES)) {
            try (Mapping fill = Linux.map(file, 0, (long) PAGES * Linux.PAGE_BYTES, Linux.Sharing.SHARED)) {
                for (int i = 0; i < PAGES; i++) {
                    fill.bytes().put(i * Linux.PAGE_BYTES, (byte) i);
                }
            }
            return List.of(faults("kvm.fault-present", Memory.PRESENT, bench, kvm, file),
                    faults("kvm.fault-anonymous", Memory.ANONYMOUS, bench, kvm, file),
                    faults("kvm.fault-page-cache", Memory.PAGE_CACHE, bench, kvm, file),
                    faults("kvm.fault-copy-on-write", Memory.COPY_ON_WRITE, bench, kvm, file));
        }
    }

    private static Reading faults(String parameter, Memory kind, Bench bench, Kvm kvm, Fd file) {
        Sample sample = new Sample(parameter);
        boolean reads = kind == Memory.PRESENT || kind == Memory.PAGE_CACHE;
        long faults = 0;
        int rounds = bench.rounds(PAGE_ROUNDS);
        for (int i = 0; i < rounds; i++) {
            try (Mapping memory = memory(kind, file);
                    RawGuest guest = new RawGuest(bench, kvm, reads ? RawGuest.READ_PAGES : RawGuest.WRITE_PAGES)) {
                guest.provide(memory);
                guest.round(0x600000, 1);
                KernelCounters before = guest.counters();
                long ns = guest.round(RawGuest.WINDOW, PAGES);
                long seen = guest.counters().since(before).faults();
                sample.add((double) ns / Math.max(1, seen));
                faults += seen;
            }
        }
        return sample.atMost("pages a fault", rounds * (double) PAGES / faults, reads ? MOST_PAGES_A_FAULT : 1.05).reading();
    }

    private static Mapping memory(Memory kind, Fd file) {
        long bytes = (long) PAGES * Linux.PAGE_BYTES;
        Mapping memory = switch (kind) {
            case PRESENT, ANONYMOUS -> Linux.mapAnonymous(bytes);
            case PAGE_CACHE -> Linux.map(file, 0, bytes, Linux.Sharing.SHARED);
            case COPY_ON_WRITE -> Linux.map(file, 0, bytes, Linux.Sharing.PRIVATE);
        };
        if (kind == Memory.PRESENT) {
            memory.advise(Linux.Advice.POPULATE_WRITE, 0, bytes);
        }
        return memory;
    }

    static Atom machines() {
        return new Atom("machine-creation", STACKS, List.of(
                new Quantity("kvm.vm-fd", NANOSECONDS, "KVM_CREATE_VM"),
                new Quantity("kvm.memory-slot", NANOSECONDS, "KVM_SET_USER_MEMORY_REGION, the first of a machine"),
                new Quantity("kvm.vcpu-fd", NANOSECONDS, "KVM_CREATE_VCPU and the mapping of its shared page"),
                new Quantity("kvm.close", NANOSECONDS, "closing both")),
                "machines of one vCPU and 64 MiB made and closed one after the other", Clock.WALL, new Seconds(2, 1), GuestExits::measureMachines);
    }

    private static List<Reading> measureMachines(Bench bench) {
        Sample machine = new Sample("kvm.vm-fd");
        Sample slot = new Sample("kvm.memory-slot");
        Sample processor = new Sample("kvm.vcpu-fd");
        Sample close = new Sample("kvm.close");
        int rounds = bench.rounds(MACHINES);
        try (Kvm kvm = Kvm.open(); Mapping memory = Linux.mapAnonymous(64L << 20)) {
            for (int i = -rounds / 4; i < rounds; i++) {
                long startNs = bench.nowNs();
                Vm vm = kvm.createVm();
                long madeNs = bench.nowNs();
                vm.setMemory(0, 0, memory, memory.sizeBytes(), Vm.SlotAccess.READ_WRITE);
                long slotNs = bench.nowNs();
                Vcpu vcpu = vm.createVcpu(0);
                long vcpuNs = bench.nowNs();
                vcpu.close();
                vm.close();
                long closedNs = bench.nowNs();
                if (i >= 0) {
                    machine.add(madeNs - startNs);
                    slot.add(slotNs - madeNs);
                    processor.add(vcpuNs - slotNs);
                    close.add(closedNs - vcpuNs);
                }
            }
        }
        return List.of(machine.exactly("machines", machine.count(), rounds).reading(), slot.reading(), processor.reading(), close.reading());
    }
}
