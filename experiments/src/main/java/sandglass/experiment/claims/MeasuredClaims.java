package sandglass.experiment.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.RunResult;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.unit.Quantities;

/**
 * What recorded measurements of the molecules say to each claim, with the ledger's reason where it does not hold on that host. Nothing is
 * said to claims of which nothing was measured: C5 is arithmetic, C6 and C9 have no molecule.
 */
final class MeasuredClaims {

    private static final double SECOND_NS = 1e9;
    private static final String MACHINE = "vm";
    private static final String USF = "usetl";
    private static final List<String> CONTAINERS = List.of("container", "zygote", "criu");

    private static final Map<String, Function<MeasuredClaims, MeasuredFinding>> BY_ID = Map.of("C1", MeasuredClaims::create,
            "C2", MeasuredClaims::pooled, "C3", MeasuredClaims::downloads, "C4", MeasuredClaims::memory, "C7", MeasuredClaims::exits,
            "C8", MeasuredClaims::density, "C10", MeasuredClaims::recycling);

    private final MeasuredRuns measured;

    private MeasuredClaims(MeasuredRuns measured) {
        this.measured = measured;
    }

    /** What was found, {@link MeasuredFinding#NONE} if nothing was measured for the claim. */
    static MeasuredFinding of(String claim, List<RunResult> runs) {
        MeasuredRuns comparable = new MeasuredRuns(runs.stream().filter(run -> !"tcg".equals(run.provenance().host().get("accel"))).toList());
        MeasuredFinding found = BY_ID.containsKey(claim) ? BY_ID.get(claim).apply(new MeasuredClaims(comparable)) : MeasuredFinding.NONE;
        String host = runs.stream().map(run -> run.provenance().host().getOrDefault("cpu", "")).filter(cpu -> !cpu.isEmpty()).findFirst()
                .orElse("");
        return found.figures().isEmpty() || host.isEmpty() ? found
                : new MeasuredFinding(found.figures() + " (" + host + ")", found.verdict(), found.reason());
    }

    private MeasuredFinding create() {
        MeasuredRuns created = measured.of("molecule-start").with("start", "create");
        List<String> parts = new ArrayList<>();
        List<String> ledgers = new ArrayList<>();
        for (String stack : created.stacks()) {
            MeasuredRuns runs = created.on(stack);
            if (runs.median(Metrics.START_COLD).isPresent()) {
                parts.add(stack + " " + runs.print(Metrics.START_COLD) + " = create " + time(runs, Metrics.START_CREATE) + " + boot "
                        + time(runs, Metrics.START_BOOT) + " + init " + time(runs, Metrics.START_INIT));
                ledgers.add(stack + " " + runs.ledgerOfACall());
            }
        }
        Optional<Double> usf = created.on(USF).median(Metrics.START_COLD);
        Optional<Double> machine = created.on(MACHINE).median(Metrics.START_COLD);
        OptionalDouble container = CONTAINERS.stream().map(stack -> created.on(stack).median(Metrics.START_COLD)).flatMap(Optional::stream)
                .mapToDouble(Double::doubleValue).min();
        ClaimVerdict slowest = usf.isEmpty() || machine.isEmpty() ? ClaimVerdict.CANNOT_TELL
                : ClaimVerdict.of(machine.get() > usf.get() && machine.get() > SECOND_NS);
        ClaimVerdict slower = usf.isEmpty() || container.isEmpty() ? ClaimVerdict.CANNOT_TELL
                : ClaimVerdict.of(usf.get() > container.getAsDouble());
        return finding(parts, ClaimVerdict.all(slowest, slower), "A unikernel is cloned here, not booted: its create is a private mapping and "
                + "a few calls of KVM, what it lacks it faults in later. Of a call: " + String.join("; ", ledgers));
    }

    private MeasuredFinding pooled() {
        MeasuredRuns pool = measured.of("molecule-start").with("start", "pool");
        List<MeasuredRuns> each = pool.stacks().stream().map(pool::on).filter(runs -> runs.median(Metrics.WAIT).isPresent()).toList();
        double[] waits = each.stream().mapToDouble(runs -> runs.median(Metrics.WAIT).orElseThrow()).sorted().toArray();
        double noise = Math.sqrt(each.stream().mapToDouble(runs -> Math.pow(runs.sd(Metrics.WAIT), 2)).average().orElse(0));
        ClaimVerdict verdict = waits.length < 2 ? ClaimVerdict.CANNOT_TELL : ClaimVerdict.of(waits[waits.length - 1] - waits[0] <= 2 * noise);
        List<String> parts = each.stream().map(runs -> runs.list().get(0).stack() + " " + runs.print(Metrics.WAIT))
                .collect(Collectors.toCollection(ArrayList::new));
        if (!parts.isEmpty()) {
            parts.add("noise of one wait (sd) " + Quantities.printNs(noise));
        }
        return finding(parts, verdict, "Of a call: " + ledgers(each));
    }

    /** To memory on a unikernel against to disk on a process and on a unikernel with a disk, which this program has no hardware run of. */
    private MeasuredFinding downloads() {
        MeasuredRuns transfers = measured.of("molecule-transfer");
        List<String> parts = new ArrayList<>();
        List<ClaimVerdict> verdicts = new ArrayList<>();
        for (String bytes : transfers.values("get.bytes")) {
            MeasuredRuns of = transfers.with("get.bytes", bytes);
            List<String> each = of.scenarios().stream().filter(runs -> runs.median(Metrics.SERVICE).isPresent())
                    .map(runs -> runs.list().get(0).stack() + path(runs) + " " + runs.print(Metrics.SERVICE)).toList();
            parts.add(bytes + ": " + String.join(", ", each));
            Optional<Double> memory = toMemory(of.on(USF)).median(Metrics.SERVICE);
            Optional<Double> disk = of.on("process").with("get.path", "get-disk").median(Metrics.SERVICE);
            verdicts.add(memory.isEmpty() || disk.isEmpty() ? ClaimVerdict.CANNOT_TELL : ClaimVerdict.of(memory.get() < disk.get()));
        }
        verdicts.add(ClaimVerdict.CANNOT_TELL);
        return finding(parts, ClaimVerdict.all(verdicts.toArray(ClaimVerdict[]::new)),
                "Of a call: " + ledgers(transfers.stacks().stream().map(transfers::on).toList()));
    }

    private static MeasuredRuns toMemory(MeasuredRuns runs) {
        return new MeasuredRuns(runs.list().stream().filter(run -> !"get-disk".equals(run.axes().get("get.path"))).toList());
    }

    private static String path(MeasuredRuns runs) {
        String path = runs.list().get(0).axes().getOrDefault("get.path", "");
        return path.isEmpty() ? "" : " (" + path + ")";
    }

    /** The claim's sizes are of 2019; what it says of today is whether a unikernel's unique memory is more than a container's, alone. */
    private MeasuredFinding memory() {
        List<String> parts = new ArrayList<>();
        for (String stack : populations().stacks()) {
            List<String> curve = populations().on(stack).values("sandboxes").stream()
                    .map(n -> n + " alive " + size(stack, n, Metrics.MEMORY_USS) + ", proportional " + size(stack, n, Metrics.MEMORY_PSS)).toList();
            parts.add(stack + " unique: " + String.join("; ", curve));
        }
        Optional<Double> usf = populations().on(USF).with("sandboxes", "1").median(Metrics.MEMORY_USS);
        Optional<Double> container = populations().on("container").with("sandboxes", "1").median(Metrics.MEMORY_USS);
        return finding(parts, usf.isEmpty() || container.isEmpty() ? ClaimVerdict.CANNOT_TELL : ClaimVerdict.of(usf.get() > container.get()),
                "A clone shares its template by construction and a monitor with all others; only pages it wrote are its own");
    }

    private MeasuredRuns populations() {
        return measured.of("molecule-memory");
    }

    private String size(String stack, String n, Metric metric) {
        return populations().on(stack).with("sandboxes", n).median(metric).map(value -> Quantities.print(value, metric.unit())).orElse("-");
    }

    private MeasuredFinding exits() {
        MeasuredRuns runs = measured.of("molecule-switches").on(USF);
        List<String> parts = new ArrayList<>();
        List<ClaimVerdict> verdicts = new ArrayList<>();
        for (String axis : List.of("get.bytes", "post.bytes")) {
            List<String> counts = runs.values(axis).stream().map(bytes -> exitsOf(runs.with(axis, bytes))).toList();
            for (int i = 0; i < counts.size(); i++) {
                parts.add(axis.replace(".bytes", "") + " " + runs.values(axis).get(i) + " " + counts.get(i) + " exits");
            }
            verdicts.add(counts.size() < 2 ? ClaimVerdict.CANNOT_TELL : ClaimVerdict.of(counts.stream().distinct().count() == 1));
        }
        return finding(parts, ClaimVerdict.all(verdicts.toArray(ClaimVerdict[]::new)), "Of a call: " + runs.ledgerOfACall());
    }

    private static String exitsOf(MeasuredRuns runs) {
        return Quantities.digits(runs.perCall(Phase.RUN, ModeSwitch.PIO_EXIT));
    }

    /** Less memory and less core time than a container, each at the largest population that both were measured at. */
    private MeasuredFinding density() {
        List<String> common = populations().on("container").values("sandboxes").stream()
                .filter(populations().on(USF).values("sandboxes")::contains).toList();
        if (common.isEmpty()) {
            return finding(Stream.of(USF).map(stack -> populations().on(stack)).filter(runs -> !runs.list().isEmpty())
                    .map(runs -> USF + " unique " + runs.print(Metrics.MEMORY_USS)).toList(), ClaimVerdict.CANNOT_TELL, "");
        }
        String most = common.get(common.size() - 1);
        MeasuredRuns usf = populations().on(USF).with("sandboxes", most);
        MeasuredRuns container = populations().on("container").with("sandboxes", most);
        MeasuredRuns work = measured.of("molecule-etl");
        ClaimVerdict verdict = ClaimVerdict.all(less(usf, container, Metrics.MEMORY_USS),
                less(work.on(USF), work.on("container"), Metrics.CPU_PER_INVOCATION));
        return finding(List.of(most + " alive, unique: " + USF + " " + usf.print(Metrics.MEMORY_USS) + ", container "
                + container.print(Metrics.MEMORY_USS), "core time of an ETL function: " + USF + " " + work.on(USF).print(Metrics.CPU_PER_INVOCATION)
                + ", container " + work.on("container").print(Metrics.CPU_PER_INVOCATION)), verdict,
                "Of a call: " + ledgers(List.of(work.on(USF), work.on("container"))));
    }

    private static ClaimVerdict less(MeasuredRuns a, MeasuredRuns b, Metric metric) {
        return a.median(metric).isEmpty() || b.median(metric).isEmpty() ? ClaimVerdict.CANNOT_TELL
                : ClaimVerdict.of(a.median(metric).get() < b.median(metric).get());
    }

    private MeasuredFinding recycling() {
        MeasuredRuns runs = measured.of("molecule-recycle").on(USF);
        MeasuredRuns anew = measured.of("molecule-start").on(USF).with("start", "create");
        List<String> parts = new ArrayList<>();
        List<ClaimVerdict> verdicts = new ArrayList<>();
        for (String pages : runs.values("touch")) {
            parts.add(pages + " pages " + runs.with("touch", pages).print(Metrics.RECYCLE));
            verdicts.add(anew.median(Metrics.START_COLD).isEmpty() ? ClaimVerdict.CANNOT_TELL
                    : ClaimVerdict.of(runs.with("touch", pages).median(Metrics.RECYCLE).orElse(Double.NaN) < anew.median(Metrics.START_COLD).get()));
        }
        if (!anew.list().isEmpty() && !parts.isEmpty()) {
            parts.add("a new clone " + anew.print(Metrics.START_COLD) + " and "
                    + Quantities.digits(anew.perCall(Phase.RUN, ModeSwitch.STAGE2_FAULT)) + " page faults in its first function");
        }
        return finding(parts, ClaimVerdict.all(verdicts.toArray(ClaimVerdict[]::new)), "Of a call: " + runs.ledgerOfACall());
    }

    private static String time(MeasuredRuns runs, Metric metric) {
        return runs.median(metric).map(Quantities::printNs).orElse("-");
    }

    private static String ledgers(List<MeasuredRuns> each) {
        return each.stream().filter(runs -> !runs.list().isEmpty()).map(runs -> runs.list().get(0).stack() + " " + runs.ledgerOfACall())
                .collect(Collectors.joining("; "));
    }

    private static MeasuredFinding finding(List<String> parts, ClaimVerdict verdict, String reason) {
        return parts.isEmpty() ? MeasuredFinding.NONE
                : new MeasuredFinding(String.join("; ", parts), verdict, verdict == ClaimVerdict.DOES_NOT_HOLD ? reason : "");
    }
}
