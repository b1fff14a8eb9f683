package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sandglass.kvm.stack.vm.VmStack;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/**
 * What the steps of starting a virtual machine take, by the steps that the stack itself reports. The accelerator is part of each
 * reading's check: what a translated machine takes says nothing about one that KVM runs.
 */
final class MachineStarts {

    private static final int BOOTS = 6;
    private static final int RESTORES = 10;

    private MachineStarts() {
    }

    static Atom boots() {
        return new Atom("vm-start", Set.of("vm"), List.of(
                new Quantity("qemu.vmm", NANOSECONDS, "from making the machine's disk until QEMU has connected to its sockets"),
                new Quantity("linux.boot-minimal", NANOSECONDS, "from then until the kernel starts the first program, which is the interpreter"),
                new Quantity("linux.boot-distribution", NANOSECONDS,
                        "nothing beyond that: one kernel boots, Debian's for clouds, and no other user space")),
                "virtual machines of the stack vm booted one after the other, called once and ended", Clock.WALL, new Atom.Seconds(50, 3),
                MachineStarts::measureBoots);
    }

    static Atom restores() {
        return new Atom("vm-snapshot-start", Set.of("vm-snapshot"), List.of(
                // Not qemu.reconnect: the guest's first touches of its memory are in that time, and the stack counts them on their own.
                new Quantity("qemu.snapshot-load", NANOSECONDS, "from QEMU's connecting to its sockets until the guest may go on")),
                "virtual machines restored from one snapshot, one after the other, called once and ended; the snapshot's own boot is not counted",
                Clock.WALL, new Atom.Seconds(15, 3), MachineStarts::measureRestores);
    }

    private static List<Reading> measureBoots(Bench bench) throws UnsupportedHereException {
        Map<String, Sample> samples = samples("qemu.vmm", "linux.boot-minimal", "linux.boot-distribution");
        return measure(bench, "vm", bench.rounds(BOOTS), samples, steps -> {
            samples.get("qemu.vmm").add(steps.get("disk") + steps.get("vmm"));
            samples.get("linux.boot-minimal").add(steps.get("kernel"));
            samples.get("linux.boot-distribution").add(0);
        });
    }

    private static List<Reading> measureRestores(Bench bench) throws UnsupportedHereException {
        Map<String, Sample> samples = samples("qemu.snapshot-load");
        return measure(bench, "vm-snapshot", bench.rounds(RESTORES), samples,
                steps -> samples.get("qemu.snapshot-load").add(steps.get("load-snapshot")));
    }

    private static Map<String, Sample> samples(String... parameters) {
        Map<String, Sample> samples = new LinkedHashMap<>();
        for (String parameter : parameters) {
            samples.put(parameter, new Sample(parameter));
        }
        return samples;
    }

    private interface Steps {
        void add(Map<String, Long> stepsNs);
    }

    private static List<Reading> measure(Bench bench, String stack, int rounds, Map<String, Sample> samples, Steps each)
            throws UnsupportedHereException {
        if (bench.quick() && VmStack.trialBoot().orElse("").startsWith("tcg")) {
            throw new UnsupportedHereException("virtual machines are translated here and take longer to start than --quick allows",
                    "calibrate --stacks " + stack + ", without --quick");
        }
        int answered = 0;
        String accelerator;
        try (LiveBench live = new LiveBench(bench, bench.config(), stack)) {
            accelerator = live.stack().fingerprint().get("accel");
            for (int i = 0; i < rounds; i++) {
                if (i > 0) {
                    live.renew();
                }
                answered += live.call(LiveBench.WORK, LiveBench.NOTHING).call().result() != null ? 1 : 0;
                each.add(live.sandbox().stepsNs());
            }
        }
        String guard = "machines that answered, accel " + accelerator;
        int all = answered;
        return samples.values().stream().map(sample -> sample.exactly(guard, all, rounds).reading()).toList();
    }
}
