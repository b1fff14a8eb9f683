package sandglass.experiment.claims;

import static sandglass.experiment.claims.ClaimVerdict.CANNOT_TELL;
import static sandglass.experiment.claims.ClaimVerdict.DOES_NOT_HOLD;
import static sandglass.experiment.claims.ClaimVerdict.HOLDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sandglass.experiment.claims.Claim.Finding;
import sandglass.result.Interval;
import sandglass.result.Intervals;
import sandglass.result.Metrics;
import sandglass.result.Pooled;
import sandglass.unit.Quantities;

/** Claims about starting and recycling: C1, C2, C9, C10. */
final class StartClaims {

    private static final double SECOND_NS = 1e9;
    private static final double MINUTE_NS = 60e9;

    private StartClaims() {}

    static List<Claim> all() {
        return List.of(
                new Claim("C1", "Creating: VM slower than unikernel, unikernel slower than container; a VM takes over a second (section 3, Fig. 6)",
                        List.of("figure-6"), StartClaims::create),
                new Claim("C2", "Taken from a pool, VM, container and unikernel are alike (Fig. 6)", List.of("figure-6"), StartClaims::pooled),
                new Claim("C9", "Lambda answers warm in 169 ms and cold in over 1 s; over 2,000 rapid invocations made the last wait over a minute "
                        + "(section 2, quoting others)", List.of("burst", "figure-6"), StartClaims::burst),
                new Claim("C10", "Rolling back to a snapshot is cheaper than restoring the whole machine (section 3)", List.of("recycle"),
                        StartClaims::rollback));
    }

    /** The paper's container is Docker's; runc alone is shown beside it, since the ordering hangs on which is meant. */
    private static Finding create(Evidence evidence) {
        Selection on = Selection.of("figure-6", "start", "create");
        Selection vm = on.with("stack", "vm");
        Selection unikernel = on.with("stack", "unikernel");
        Selection docker = on.with("stack", "container-docker");
        Selection runc = on.with("stack", "container");
        Selection lean = on.with("stack", "container-lean");
        Pooled vmStarts = evidence.samples(vm, Metrics.START_COLD);
        Interval vmMean = vmStarts.meanInterval(Intervals.CONFIDENCE);
        double vmLow = vmMean.known() ? vmMean.low() : vmStarts.mean();
        ClaimVerdict overSecond = vmLow > SECOND_NS ? HOLDS : vmMean.known() && vmMean.high() > SECOND_NS ? CANNOT_TELL : DOES_NOT_HOLD;
        ClaimVerdict vmLast = evidence.below(unikernel, vm, Metrics.START_COLD);
        ClaimVerdict dockerFirst = evidence.below(docker, unikernel, Metrics.START_COLD);
        ClaimVerdict runcFirst = evidence.below(runc, unikernel, Metrics.START_COLD);
        ClaimVerdict leanFirst = evidence.below(lean, unikernel, Metrics.START_COLD);
        String text = "VM " + evidence.describe(vm, Metrics.START_COLD) + ", unikernel " + evidence.describe(unikernel, Metrics.START_COLD)
                + ", container: Docker " + evidence.describe(docker, Metrics.START_COLD) + ", runc "
                + evidence.describe(runc, Metrics.START_COLD) + ", lean (SOCK) "
                + evidence.describe(lean, Metrics.START_COLD) + ". VM over 1 s: " + overSecond.label() + "; VM > unikernel: " + vmLast.label()
                + "; unikernel > container: " + dockerFirst.label() + " (Docker), " + runcFirst.label() + " (runc), " + leanFirst.label()
                + " (lean)";
        return new Finding(text, ClaimVerdict.all(overSecond, vmLast, dockerFirst, runcFirst));
    }

    /** Alike: every pairwise difference of means lies within two standard deviations of a single pooled wait. */
    private static Finding pooled(Evidence evidence) {
        Selection on = Selection.of("figure-6", "start", "pool");
        List<String> stacks = List.of("vm", "container-docker", "unikernel");
        double least = Double.MAX_VALUE;
        double most = 0;
        double variance = 0;
        List<String> parts = new ArrayList<>();
        for (String stack : stacks) {
            Selection selection = on.with("stack", stack);
            Pooled waits = evidence.samples(selection, Metrics.WAIT);
            least = Math.min(least, waits.mean());
            most = Math.max(most, waits.mean());
            variance += waits.sd() * waits.sd() / stacks.size();
            parts.add(stack + " " + evidence.describe(selection, Metrics.WAIT));
        }
        double gap = most - least;
        double noise = Math.sqrt(variance);
        double created = evidence.mean(Selection.of("figure-6", "start", "create", "stack", "unikernel"), Metrics.WAIT);
        return new Finding(String.join(", ", parts) + ". Largest gap " + Quantities.printNs(gap) + " = "
                + Evidence.percent(gap / created) + " of creating a unikernel; noise of one wait (sd) " + Quantities.printNs(noise),
                ClaimVerdict.of(gap <= 2 * noise));
    }

    /** Which stacks reach the quoted tail, and whether it shrinks with cores (then it is CPU) or not (then a lock or a disk). */
    private static Finding burst(Evidence evidence) {
        List<String> cores = evidence.values("burst", "cores");
        if (cores.size() < 2) {
            throw new MissingEvidenceException("burst needs two numbers of cores to tell which mechanism makes the tail");
        }
        Map<String, String> overMinute = new TreeMap<>();
        List<String> parts = new ArrayList<>();
        for (String stack : List.of("container-docker", "container-in-vm", "container", "microvm", "unikernel", "usetl")) {
            Selection on = Selection.of("burst", "stack", stack, "start", "create");
            double few = evidence.samples(on.with("cores", cores.get(0)), Metrics.WAIT).max();
            double many = evidence.samples(on.with("cores", cores.get(cores.size() - 1)), Metrics.WAIT).max();
            String cause = many < 0.6 * few ? "CPU" : "serial creation";
            parts.add(stack + " " + Quantities.printNs(few) + " / " + Quantities.printNs(many) + " (" + cause + ")");
            if (Math.max(few, many) > MINUTE_NS) {
                overMinute.put(stack, cause);
            }
        }
        Selection lambda = Selection.of("figure-6", "stack", "container-in-vm");
        ClaimVerdict tail = ClaimVerdict.of(!overMinute.isEmpty());
        Pooled cold = evidence.samples(lambda.with("start", "create"), Metrics.WAIT);
        String text = "Longest wait of 2,000 with " + cores.get(0) + " / " + cores.get(cores.size() - 1) + " cores: " + String.join(", ", parts)
                + ". Over a minute: " + (overMinute.isEmpty() ? "none" : overMinute.toString()) + ". A container in a VM starts cold in "
                + evidence.describe(lambda.with("start", "create"), Metrics.WAIT) + " and warm in "
                + evidence.describe(lambda.with("start", "pool"), Metrics.WAIT) + ", Lambda's front end and network not included";
        return new Finding(text, ClaimVerdict.all(tail, ClaimVerdict.of(cold.mean() > SECOND_NS)));
    }

    /** Rollback against a restored machine and a new one, at every number of pages written. */
    private static Finding rollback(Evidence evidence) {
        List<ClaimVerdict> verdicts = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        for (String pages : evidence.values("recycle", "touch")) {
            Selection on = Selection.of("recycle", "touch", pages);
            Selection rollback = on.with("stack", "usetl");
            Selection restore = on.with("stack", "usetl-restore");
            Selection anew = on.with("stack", "usetl-recreate");
            verdicts.add(evidence.below(rollback, restore, Metrics.RECYCLE));
            verdicts.add(evidence.below(rollback, anew, Metrics.CPU_PER_INVOCATION));
            parts.add(pages + " pages: " + evidence.describe(rollback, Metrics.RECYCLE) + " against "
                    + evidence.describe(restore, Metrics.RECYCLE) + " (CPU of an invocation "
                    + Quantities.printNs(evidence.mean(rollback, Metrics.CPU_PER_INVOCATION)) + ", restored "
                    + Quantities.printNs(evidence.mean(restore, Metrics.CPU_PER_INVOCATION)) + ", made anew "
                    + Quantities.printNs(evidence.mean(anew, Metrics.CPU_PER_INVOCATION)) + ")");
        }
        if (verdicts.isEmpty()) {
            throw new MissingEvidenceException("recycle has no axis touch");
        }
        return new Finding(String.join("; ", parts), ClaimVerdict.all(verdicts.toArray(ClaimVerdict[]::new)));
    }
}
