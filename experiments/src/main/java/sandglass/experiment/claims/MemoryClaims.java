package sandglass.experiment.claims;

import static sandglass.experiment.claims.ClaimVerdict.CANNOT_TELL;
import static sandglass.experiment.claims.ClaimVerdict.HOLDS;

import java.util.ArrayList;
import java.util.List;
import sandglass.experiment.claims.Claim.Finding;
import sandglass.result.Metrics;
import sandglass.unit.Quantities;

/** Claims about memory, disk and density: C4, C5, C6, C8. */
final class MemoryClaims {

    /** Unique set sizes of USETL section 4, in bytes; reproduced means within one per cent. */
    private static final double CONTAINER_USS_BYTES = 28.7e6;
    private static final double UNIKERNEL_USS_BYTES = 54.1e6;
    private static final double GUEST_BYTES = 10.3e6;
    private static final double ELF_BYTES = 11e6;
    private static final double SCRIPT_BYTES = 112;
    private static final double ISO_BYTES = 352e3;
    private static final double CONTAINER_IMAGE_BYTES = 922e6;
    private static final double MODULE_STORE_BYTES = 22e6;
    private static final double CLOSE = 0.01;

    private MemoryClaims() {}

    static List<Claim> all() {
        return List.of(
                new Claim("C4", "Unique memory: container 28.7 MB, unikernel with hypervisor 54.1 MB, of which the guest reports 10.3 MB, "
                        + "mostly shareable "
                        + "(section 4)",
                        List.of("memory"), MemoryClaims::uniqueMemory),
                new Claim("C5", "Image: ELF of 11 MB = interpreter 6.5 + kernel 4.5; script 112 B, 352 kB as ISO; container 922 MB shared + 112 B "
                        + "(section 4)", List.of("images"), MemoryClaims::images),
                new Claim("C6", "The module store takes 22 MB once per host, however many USFs (section 3.4)", List.of("images"),
                        MemoryClaims::moduleStore),
                new Claim("C8", "Higher density and less CPU per function than containers (section 5)", List.of("density"),
                        MemoryClaims::density));
    }

    private static Finding uniqueMemory(Evidence evidence) {
        Selection alone = Selection.of("memory", "sandboxes", "1", "sharing", "none");
        double container = evidence.mean(alone.with("stack", "container"), Metrics.MEMORY_USS);
        double unikernel = evidence.mean(alone.with("stack", "unikernel"), Metrics.MEMORY_USS);
        ClaimVerdict reproduced = ClaimVerdict.of(close(container, CONTAINER_USS_BYTES) && close(unikernel, UNIKERNEL_USS_BYTES));
        List<String> parts = new ArrayList<>();
        parts.add("unshared " + megabytes(container) + " and " + megabytes(unikernel));
        for (String stack : List.of("unikernel", "usetl")) {
            for (String containers : List.of("none", "by-construction")) {
                Growth shared = growth(evidence, stack, "by-construction");
                Growth rival = growth(evidence, "container", containers);
                parts.add("N* of " + stack + " shared by construction against containers " + (containers.equals("none") ? "unshared" : "shared")
                        + ": " + shared.breakEven(rival));
            }
        }
        Growth shared = growth(evidence, "unikernel", "by-construction");
        parts.add("one more unikernel takes " + megabytes(shared.each) + ", one more USF "
                + megabytes(growth(evidence, "usetl", "by-construction").each) + ", one more container "
                + megabytes(growth(evidence, "container", "by-construction").each));
        double saved = growth(evidence, "unikernel", "none").each - shared.each;
        parts.add("sharing saves " + megabytes(saved) + " of each further unikernel, where the guest reports " + megabytes(GUEST_BYTES));
        boolean mostlyShareable = saved > GUEST_BYTES / 2;
        return new Finding(String.join("; ", parts), ClaimVerdict.all(reproduced, ClaimVerdict.of(mostlyShareable)));
    }

    /** Host memory as {@code fixed + each * N}, through the two largest populations. */
    private record Growth(double fixed, double each) {

        /** The smallest N from which this takes less than the rival. */
        String breakEven(Growth rival) {
            if (fixed + each < rival.fixed + rival.each) {
                return each <= rival.each ? "1 (always less)" : "less only up to " + (long) Math.floor((rival.fixed - fixed) / (each - rival.each));
            }
            return each >= rival.each ? "never" : Long.toString((long) Math.floor((fixed - rival.fixed) / (rival.each - each)) + 1);
        }
    }

    private static Growth growth(Evidence evidence, String stack, String sharing) {
        List<String> sizes = evidence.values("memory", "sandboxes");
        if (sizes.size() < 2) {
            throw new MissingEvidenceException("memory needs two numbers of sandboxes");
        }
        String few = sizes.get(sizes.size() - 2);
        String many = sizes.get(sizes.size() - 1);
        Selection on = Selection.of("memory", "stack", stack, "sharing", sharing);
        double low = evidence.mean(on.with("sandboxes", few), Metrics.MEMORY_MAX);
        double high = evidence.mean(on.with("sandboxes", many), Metrics.MEMORY_MAX);
        double each = (high - low) / (Double.parseDouble(many) - Double.parseDouble(few));
        return new Growth(high - each * Double.parseDouble(many), each);
    }

    private static Finding images(Evidence evidence) {
        Selection on = Selection.of("images", "sandboxes", "1");
        double unikernelPrivate = evidence.mean(on.with("stack", "unikernel"), Metrics.DISK_PRIVATE);
        double elf = evidence.mean(on.with("stack", "unikernel"), Metrics.DISK_IMAGE) - unikernelPrivate;
        double containerPrivate = evidence.mean(on.with("stack", "container"), Metrics.DISK_PRIVATE);
        double containerShared = evidence.mean(on.with("stack", "container"), Metrics.DISK_IMAGE) - containerPrivate;
        double usetlPrivate = evidence.mean(on.with("stack", "usetl"), Metrics.DISK_PRIVATE);
        boolean holds = close(elf, ELF_BYTES) && close(unikernelPrivate, ISO_BYTES) && close(containerPrivate, SCRIPT_BYTES)
                && close(containerShared, CONTAINER_IMAGE_BYTES) && close(usetlPrivate, SCRIPT_BYTES);
        return new Finding("unikernel " + megabytes(elf) + " shared + " + Quantities.digits(unikernelPrivate / 1e3) + " kB a function; container "
                + megabytes(containerShared) + " + " + Quantities.digits(containerPrivate) + " B; USETL "
                + megabytes(evidence.mean(on.with("stack", "usetl"), Metrics.DISK_IMAGE) - usetlPrivate) + " with the module store + "
                + Quantities.digits(usetlPrivate) + " B. The sizes are the paper's own: this checks the arithmetic", ClaimVerdict.of(holds));
    }

    /**
     * Host memory over N must be a straight line that begins at what all USFs have in common: the store is in that beginning, and no USF adds
     * as much as the store again. A store per USF would raise the slope; one that grows with N would bend the line.
     */
    private static Finding moduleStore(Evidence evidence) {
        Selection on = Selection.of("images", "stack", "usetl");
        double one = evidence.mean(on.with("sandboxes", "1"), Metrics.MEMORY_MAX);
        double ten = evidence.mean(on.with("sandboxes", "10"), Metrics.MEMORY_MAX);
        double hundred = evidence.mean(on.with("sandboxes", "100"), Metrics.MEMORY_MAX);
        double early = (ten - one) / 9;
        double late = (hundred - ten) / 90;
        double common = one - early;
        boolean once = close(early, late) && common >= MODULE_STORE_BYTES && late < MODULE_STORE_BYTES;
        return new Finding("in common " + megabytes(common) + ", module store included; one more USF takes " + megabytes(early) + " from 1 to 10 and "
                + megabytes(late) + " from 10 to 100", ClaimVerdict.of(once));
    }

    private static Finding density(Evidence evidence) {
        List<String> parts = new ArrayList<>();
        List<ClaimVerdict> verdicts = new ArrayList<>();
        for (String sharing : List.of("none", "by-construction")) {
            Selection on = Selection.of("density", "sharing", sharing);
            double usetl = evidence.mean(on.with("stack", "usetl"), Metrics.SANDBOXES_MAX);
            double unikernel = evidence.mean(on.with("stack", "unikernel"), Metrics.SANDBOXES_MAX);
            double container = evidence.mean(on.with("stack", "container"), Metrics.SANDBOXES_MAX);
            double usetlCpu = evidence.mean(on.with("stack", "usetl"), Metrics.CPU_PER_INVOCATION);
            double containerCpu = evidence.mean(on.with("stack", "container"), Metrics.CPU_PER_INVOCATION);
            parts.add("sharing " + sharing + ": " + Quantities.digits(usetl) + " USFs, " + Quantities.digits(unikernel) + " unikernels, "
                    + Quantities.digits(container) + " containers in 16 GiB; CPU of an invocation " + Quantities.printNs(usetlCpu) + " and "
                    + Quantities.printNs(containerCpu) + " (container)");
            if (sharing.equals("by-construction")) {
                verdicts.add(ClaimVerdict.of(usetl > container));
                verdicts.add(ClaimVerdict.of(usetlCpu < containerCpu));
            }
        }
        return new Finding(String.join("; ", parts), verdicts.isEmpty() ? CANNOT_TELL : verdicts.stream().reduce(HOLDS, ClaimVerdict::all));
    }

    private static boolean close(double value, double expected) {
        return Math.abs(value / expected - 1) <= CLOSE;
    }

    private static String megabytes(double bytes) {
        return Quantities.digits(bytes / 1e6) + " MB";
    }
}
