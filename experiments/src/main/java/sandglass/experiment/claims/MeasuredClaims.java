package sandglass.experiment.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import sandglass.result.LedgerEntry;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.Pooled;
import sandglass.result.RunResult;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.unit.Quantities;

/**
 * What recorded measurements of the molecules say to each claim, with the ledger's reason. Empty where nothing of the kind was measured: a
 * claim about other hardware, or one that is arithmetic.
 */
final class MeasuredClaims {

    private static final String START = "molecule-start";
    private static final String TRANSFER = "molecule-transfer";
    private static final String MEMORY = "molecule-memory";
    private static final String RECYCLE = "molecule-recycle";
    private static final String SWITCHES = "molecule-switches";

    private static final Map<String, Function<MeasuredClaims, List<String>>> BY_ID = Map.of("C1", MeasuredClaims::create,
            "C2", MeasuredClaims::pooled, "C3", MeasuredClaims::transfers, "C4", MeasuredClaims::memory, "C7", MeasuredClaims::exits,
            "C8", MeasuredClaims::memory, "C10", MeasuredClaims::recycling);

    private final List<RunResult> measured;

    private MeasuredClaims(List<RunResult> measured) {
        this.measured = measured;
    }

    /** One text for the claim, empty if nothing was measured for it. */
    static String of(String claim, List<RunResult> measured) {
        List<String> parts = BY_ID.containsKey(claim) ? BY_ID.get(claim).apply(new MeasuredClaims(measured)) : List.of();
        String host = measured.stream().map(run -> run.provenance().host().getOrDefault("cpu", "")).filter(cpu -> !cpu.isEmpty()).findFirst()
                .orElse("");
        return parts.isEmpty() ? "" : String.join("; ", parts) + (host.isEmpty() ? "" : " (" + host + ")");
    }

    private List<String> stacks(String experiment) {
        return measured.stream().filter(run -> run.experiment().equals(experiment)).map(RunResult::stack).distinct().toList();
    }

    private List<RunResult> runs(String experiment, String stack, Map<String, String> axes) {
        return measured.stream().filter(run -> run.experiment().equals(experiment) && run.stack().equals(stack)
                && axes.entrySet().stream().allMatch(axis -> axis.getValue().equals(run.axes().get(axis.getKey())))).toList();
    }

    private static Pooled samples(List<RunResult> runs, Metric metric) {
        return Pooled.of(runs.stream().flatMap(run -> run.measurement(metric.id()).stream()).map(m -> m.samples()).toList());
    }

    private static String median(List<RunResult> runs, Metric metric) {
        Pooled pooled = samples(runs, metric);
        return pooled.n() == 0 ? "" : Quantities.print(pooled.quantile(0.5), metric.unit()) + " (n=" + pooled.n() + ")";
    }

    /** Created on demand: the median, and where the time goes. */
    private List<String> create() {
        List<String> parts = new ArrayList<>();
        for (String stack : stacks(START)) {
            List<RunResult> runs = runs(START, stack, Map.of("start", "create"));
            String cold = median(runs, Metrics.START_COLD);
            if (!cold.isEmpty()) {
                parts.add(stack + " " + cold + " = create " + median(runs, Metrics.START_CREATE) + " + boot "
                        + median(runs, Metrics.START_BOOT) + " + init " + median(runs, Metrics.START_INIT) + accelerator(runs));
            }
        }
        long faults = count(runs(START, "usetl", Map.of("start", "create")), Phase.RUN, ModeSwitch.STAGE2_FAULT);
        long calls = calls(runs(START, "usetl", Map.of("start", "create")));
        if (calls > 0) {
            parts.add("a clone boots nothing: what it lacks it faults in, " + faults / calls + " page faults in its first function");
        }
        return parts;
    }

    private static String accelerator(List<RunResult> runs) {
        String accelerator = runs.get(0).provenance().host().getOrDefault("accel", "");
        return runs.get(0).stack().startsWith("vm") && !accelerator.isEmpty() ? ", by " + accelerator : "";
    }

    private List<String> pooled() {
        return stacks(START).stream().map(stack -> part(stack, runs(START, stack, Map.of("start", "pool")), Metrics.WAIT))
                .filter(part -> !part.isEmpty()).toList();
    }

    private static String part(String label, List<RunResult> runs, Metric metric) {
        String median = median(runs, metric);
        return median.isEmpty() ? "" : label + " " + median;
    }

    private List<String> transfers() {
        List<String> parts = new ArrayList<>();
        for (String bytes : values(TRANSFER, "get.bytes")) {
            List<String> each = stacks(TRANSFER).stream()
                    .map(stack -> part(stack, runs(TRANSFER, stack, Map.of("get.bytes", bytes)), Metrics.SERVICE))
                    .filter(part -> !part.isEmpty()).toList();
            if (!each.isEmpty()) {
                parts.add(bytes + " to memory: " + String.join(", ", each));
            }
        }
        return parts;
    }

    private List<String> memory() {
        List<String> parts = new ArrayList<>();
        for (String stack : stacks(MEMORY)) {
            for (String n : values(MEMORY, "sandboxes")) {
                String unique = median(runs(MEMORY, stack, Map.of("sandboxes", n)), Metrics.MEMORY_USS);
                if (!unique.isEmpty()) {
                    parts.add(stack + ", " + n + " alive: unique " + unique + ", proportional "
                            + median(runs(MEMORY, stack, Map.of("sandboxes", n)), Metrics.MEMORY_PSS));
                }
            }
        }
        return parts;
    }

    private List<String> exits() {
        List<RunResult> runs = measured.stream().filter(run -> run.experiment().equals(SWITCHES) && run.stack().equals("usetl")).toList();
        List<String> parts = new ArrayList<>();
        for (String scenario : new TreeSet<>(runs.stream().map(RunResult::scenarioId).toList())) {
            List<RunResult> of = runs.stream().filter(run -> run.scenarioId().equals(scenario)).toList();
            long calls = calls(of);
            if (calls > 0) {
                String label = of.get(0).axes().entrySet().stream().filter(axis -> !axis.getKey().equals("stack")).map(Map.Entry::getValue)
                        .collect(Collectors.joining(" "));
                parts.add(label + " " + Quantities.digits((double) count(of, Phase.RUN, ModeSwitch.PIO_EXIT) / calls) + " exits");
            }
        }
        return parts;
    }

    private List<String> recycling() {
        List<String> parts = new ArrayList<>();
        for (String pages : values(RECYCLE, "touch")) {
            parts.add(part(pages + " pages", runs(RECYCLE, "usetl", Map.of("touch", pages)), Metrics.RECYCLE));
        }
        String anew = median(runs(START, "usetl", Map.of("start", "create")), Metrics.START_COLD);
        if (!anew.isEmpty()) {
            parts.add("a new clone " + anew + " and its first function's faults");
        }
        return parts.stream().filter(part -> !part.isEmpty()).toList();
    }

    private List<String> values(String experiment, String axis) {
        return measured.stream().filter(run -> run.experiment().equals(experiment)).map(run -> run.axes().get(axis))
                .filter(value -> value != null).distinct().toList();
    }

    private static long count(List<RunResult> runs, Phase phase, ModeSwitch kind) {
        return runs.stream().flatMap(run -> run.ledger().stream()).filter(entry -> entry.phase() == phase && entry.kind() == kind)
                .mapToLong(LedgerEntry::count).sum();
    }

    private static long calls(List<RunResult> runs) {
        return Math.round(runs.stream().flatMap(run -> run.measurement(Metrics.INVOCATIONS.id()).stream())
                .mapToDouble(m -> m.samples().quantile(0.5)).sum());
    }
}
