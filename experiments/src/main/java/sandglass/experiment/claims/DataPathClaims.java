package sandglass.experiment.claims;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import sandglass.experiment.claims.Claim.Finding;
import sandglass.result.Metrics;
import sandglass.scenario.ModeSwitch;
import sandglass.unit.Quantities;

/** Claims about moving data: C3, C7. */
final class DataPathClaims {

    private static final Set<ModeSwitch> EXITS = EnumSet.of(ModeSwitch.PIO_EXIT, ModeSwitch.MMIO_EXIT, ModeSwitch.HYPERCALL,
            ModeSwitch.INTERRUPT_EXIT);

    private DataPathClaims() {}

    static List<Claim> all() {
        return List.of(
                new Claim("C3", "Downloads of 2, 8, 64, 256 MB: host to memory << host to disk < unikernel with disk (Fig. 5)",
                        List.of("figure-5"), DataPathClaims::downloads),
                new Claim("C7", "Exits of the packet path grow with packets over batch; USETL's with calls, whatever the file's size (section 3.2.1)",
                        List.of("exits", "exits-baseline"), DataPathClaims::exits));
    }

    private static Finding downloads(Evidence evidence) {
        List<ClaimVerdict> verdicts = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        for (String bytes : evidence.values("figure-5", "bytes")) {
            Selection on = Selection.of("figure-5", "bytes", bytes);
            Selection memory = on.with("stack", "usetl").with("path", "get-memory");
            Selection disk = on.with("stack", "process").with("path", "get-disk");
            Selection unikernel = on.with("stack", "unikernel").with("path", "get-disk");
            verdicts.add(evidence.below(memory, disk, Metrics.GET));
            verdicts.add(evidence.below(disk, unikernel, Metrics.GET));
            double base = evidence.mean(memory, Metrics.GET);
            parts.add(bytes + ": memory " + evidence.describe(memory, Metrics.GET) + ", disk x"
                    + Quantities.digits(evidence.mean(disk, Metrics.GET) / base) + ", unikernel with disk x"
                    + Quantities.digits(evidence.mean(unikernel, Metrics.GET) / base));
        }
        if (verdicts.isEmpty()) {
            throw new MissingEvidenceException("figure-5 has no axis bytes");
        }
        return new Finding(String.join("; ", parts), ClaimVerdict.all(verdicts.toArray(ClaimVerdict[]::new)));
    }

    /** Exits that the size adds: on the packet path they must be there and grow in proportion to packets, on USETL's be none. */
    private static Finding exits(Evidence evidence) {
        List<String> parts = new ArrayList<>();
        List<ClaimVerdict> verdicts = new ArrayList<>();
        for (String function : List.of("fetch", "send")) {
            String size = function.equals("fetch") ? "get.bytes" : "post.bytes";
            List<String> sizes = evidence.values("exits", size);
            Selection packets = Selection.of("exits", "function", function, "stack", "unikernel");
            Selection calls = packets.with("stack", "usetl");
            List<Long> onPackets = counts(evidence, packets, size, sizes);
            List<Long> onCalls = counts(evidence, calls, size, sizes);
            verdicts.add(ClaimVerdict.of(onCalls.stream().distinct().count() == 1));
            verdicts.add(ClaimVerdict.of(grows(onPackets)));
            parts.add(function + " " + String.join(", ", sizes) + ": unikernel " + onPackets + " exits, USETL " + onCalls);
        }
        for (String direction : List.of("send", "receive")) {
            List<String> variants = new ArrayList<>();
            List<Long> counts = new ArrayList<>();
            for (String path : List.of("tap", "tap-16", "vhost", "vhost-16", "dpdk", "sriov")) {
                long count = evidence.switches(Selection.of("exits-baseline", "stack", "unikernel", "function",
                        direction + "-" + path), EXITS);
                counts.add(count);
                variants.add(path + " " + count);
            }
            parts.add(direction + " of 1,000 packets: " + String.join(", ", variants));
            verdicts.add(ClaimVerdict.of(direction.equals("receive") || counts.get(1) < counts.get(0) && counts.get(3) < counts.get(2)));
        }
        return new Finding(String.join("; ", parts) + " (counts are exact)", ClaimVerdict.all(verdicts.toArray(ClaimVerdict[]::new)));
    }

    private static List<Long> counts(Evidence evidence, Selection on, String size, List<String> sizes) {
        return sizes.stream().map(bytes -> evidence.switches(on.with(size, bytes), EXITS)).toList();
    }

    private static boolean grows(List<Long> counts) {
        for (int i = 1; i < counts.size(); i++) {
            if (counts.get(i) < counts.get(i - 1)) {
                return false;
            }
        }
        return counts.size() > 1 && counts.get(counts.size() - 1) > counts.get(0);
    }
}
