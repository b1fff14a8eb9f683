package sandglass.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sandglass.result.MetricComparison.Finding;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;
import sandglass.unit.Unit;

/**
 * Two results of one scenario, subtracted: {@code a} is usually the prediction, {@code b} what was measured. Counts are compared exactly, times
 * statistically.
 *
 * @param scenarioId, stack of the scenario
 * @param executorA, executorB who ran it
 * @param metrics every metric that both have, in the order of {@code a}
 * @param counts every entry of either ledger
 * @param notes what a reader should know before trusting the verdict: other hosts, clocks, calibrations
 */
public record Comparison(String scenarioId, String stack, String executorA, String executorB, Verdict verdict,
        List<MetricComparison> metrics, List<CountComparison> counts, List<String> notes) {

    /** Largest |ratio - 1| of medians of a time or a size of memory at which two results agree, where the scenario declares none. */
    public static final double DEFAULT_TOLERANCE = 0.05;

    private static final String MEMORY = "memory.";
    private static final String ACCELERATOR = "accel";

    public Comparison {
        metrics = List.copyOf(metrics);
        counts = List.copyOf(counts);
        notes = List.copyOf(notes);
    }

    /** Compares two single runs. */
    public static Comparison of(RunResult a, RunResult b) {
        return of(List.of(a), List.of(b));
    }

    /**
     * Compares the replications of one scenario on each side. In this order: the digests must be equal; a scenario used for fitting is no evidence
     * between simulator and hardware; every guard must hold; the same metrics must be there except what a side declares unsupported;
     * synchronous counts must be equal in every replication that both have; times must agree within the tolerance.
     *
     * @throws IllegalArgumentException if a side is empty or holds several scenarios
     */
    public static Comparison of(List<RunResult> a, List<RunResult> b) {
        return of(a, new NoiseFloor.Twice(b, List.of()), NoiseFloor.NONE);
    }

    /**
     * The same with a second measurement of {@code b}: the samples of both together are what {@code a} is held against.
     *
     * @param floor by how much two measurements differ on this host: no agreement can be claimed below it
     */
    public static Comparison of(List<RunResult> a, NoiseFloor.Twice twice, NoiseFloor floor) {
        List<RunResult> b = twice.once();
        List<RunResult> again = twice.again();
        RunResult first = only(a);
        RunResult second = only(b);
        if (!first.digest().equals(second.digest())) {
            return refuse(first, second, "the scenarios differ: " + first.digest() + " and " + second.digest());
        }
        List<MetricComparison> metrics = metrics(a, twice, floor);
        List<CountComparison> counts = new ArrayList<>(counts(a, b));
        counts(a, again).stream().filter(count -> count.judged() && !count.equal()).forEach(counts::add);
        List<RunResult> measured = Stream.concat(b.stream(), again.stream()).toList();
        return new Comparison(first.scenarioId(), first.stack(), first.executor(), second.executor(), verdict(a, measured, metrics, counts),
                metrics, counts, notes(a, b, metrics));
    }

    /** Compares every scenario of two result sets; one that only one side has is not comparable. */
    public static List<Comparison> all(List<RunResult> a, List<RunResult> b) {
        Map<String, List<RunResult>> first = byDigest(a);
        Map<String, List<RunResult>> second = byDigest(b);
        Set<String> digests = new LinkedHashSet<>(first.keySet());
        digests.addAll(second.keySet());
        return digests.stream().map(digest -> {
            List<RunResult> left = first.getOrDefault(digest, List.of());
            List<RunResult> right = second.getOrDefault(digest, List.of());
            if (left.isEmpty() || right.isEmpty()) {
                RunResult there = left.isEmpty() ? right.get(0) : left.get(0);
                return refuse(there, there, "only " + (left.isEmpty() ? "the second" : "the first") + " side has this scenario");
            }
            return of(left, right);
        }).toList();
    }

    private static Map<String, List<RunResult>> byDigest(List<RunResult> results) {
        return results.stream().collect(Collectors.groupingBy(RunResult::digest, LinkedHashMap::new, Collectors.toList()));
    }

    private static RunResult only(List<RunResult> side) {
        if (side.stream().map(run -> run.digest() + run.executor()).distinct().count() != 1) {
            throw new IllegalArgumentException("a side of a comparison holds one scenario from one executor, was "
                    + side.stream().map(run -> run.scenarioId() + " by " + run.executor()).distinct().toList());
        }
        return side.get(0);
    }

    private static Comparison refuse(RunResult a, RunResult b, String reason) {
        return new Comparison(a.scenarioId(), a.stack(), a.executor(), b.executor(), new Verdict(Verdict.Kind.NOT_COMPARABLE, reason),
                List.of(), List.of(), List.of());
    }

    private static Verdict verdict(List<RunResult> a, List<RunResult> b, List<MetricComparison> metrics, List<CountComparison> counts) {
        List<String> blocks = new ArrayList<>();
        blocks.addAll(misuse(a.get(0), b.get(0)));
        blocks.addAll(brokenGuards(a));
        blocks.addAll(brokenGuards(b));
        blocks.addAll(missing(a, b));
        if (!blocks.isEmpty()) {
            return new Verdict(Verdict.Kind.NOT_COMPARABLE, String.join("; ", blocks));
        }
        List<CountComparison> different = counts.stream().filter(count -> count.judged() && !count.equal()).toList();
        if (!different.isEmpty()) {
            return new Verdict(Verdict.Kind.WRONG_STRUCTURE, different.stream()
                    .map(c -> c.phase() + " " + c.kind() + ": " + c.a() + " against " + c.b()).collect(Collectors.joining("; ")));
        }
        List<MetricComparison> outside = metrics.stream().filter(m -> m.finding() == Finding.OUTSIDE).toList();
        if (!outside.isEmpty()) {
            return new Verdict(Verdict.Kind.WRONG_COST, outside.stream().map(Comparison::describe).collect(Collectors.joining("; ")));
        }
        List<MetricComparison> undecided = metrics.stream().filter(m -> m.finding() == Finding.UNDECIDED).toList();
        if (!undecided.isEmpty()) {
            return new Verdict(Verdict.Kind.NOT_COMPARABLE, "too few samples to tell: "
                    + undecided.stream().map(Comparison::describe).collect(Collectors.joining("; ")));
        }
        long noisy = metrics.stream().filter(m -> m.finding() == Finding.WITHIN_NOISE).count();
        long within = noisy + metrics.stream().filter(m -> m.finding() == Finding.WITHIN).count();
        long equal = counts.stream().filter(CountComparison::judged).count();
        if (within + equal == 0) {
            return new Verdict(Verdict.Kind.NOT_COMPARABLE, "there is neither a count nor a time that both sides have");
        }
        return new Verdict(Verdict.Kind.AGREES, equal + " counts equal, " + within + " times within tolerance"
                + (noisy == 0 ? "" : " or, " + noisy + " of them, within what two measurements differ by"));
    }

    private static String describe(MetricComparison metric) {
        boolean median = metric.median().beyond(metric.tolerance(), metric.noise().median()) || metric.finding() == Finding.UNDECIDED;
        MetricComparison.Ratio ratio = median ? metric.median() : metric.p99();
        return String.format(Locale.ROOT, "%s %s ratio %.3g [%.3g, %.3g], tolerance %.3g, n = %d and %d", metric.metric().id(),
                median ? "median" : "p99", ratio.value(), ratio.interval().low(), ratio.interval().high(), metric.tolerance(),
                metric.nA(), metric.nB());
    }

    private static List<String> misuse(RunResult a, RunResult b) {
        boolean prediction = a.executor().equals("sim") != b.executor().equals("sim");
        List<String> reasons = new ArrayList<>();
        if (prediction && a.role() == Scenario.Role.CALIBRATE) {
            reasons.add("its role is calibrate: what a calibration was fitted to is no evidence of its accuracy");
        }
        String ran = a.provenance().host().getOrDefault(ACCELERATOR, "");
        String other = b.provenance().host().getOrDefault(ACCELERATOR, "");
        if (!ran.isEmpty() && !other.isEmpty() && !ran.equals(other)) {
            reasons.add("one ran with accelerator " + ran + ", the other with " + other + ": a translated machine says nothing about a real one");
        }
        return reasons;
    }

    private static List<String> brokenGuards(List<RunResult> side) {
        return side.stream().flatMap(run -> run.guards().stream().filter(guard -> !guard.ok())
                .map(guard -> "guard " + guard.name() + " of " + run.executor() + " does not hold: " + guard.value() + ", limit " + guard.limit()))
                .distinct().toList();
    }

    private static List<String> missing(List<RunResult> a, List<RunResult> b) {
        Set<String> unsupported = unsupported(a, b);
        Set<String> first = measured(a);
        Set<String> second = measured(b);
        first.removeAll(unsupported);
        second.removeAll(unsupported);
        Set<String> onlyFirst = new TreeSet<>(first);
        onlyFirst.removeAll(second);
        Set<String> onlySecond = new TreeSet<>(second);
        onlySecond.removeAll(first);
        List<String> reasons = new ArrayList<>();
        if (!onlyFirst.isEmpty()) {
            reasons.add(b.get(0).executor() + " neither measured nor declared unsupported " + onlyFirst);
        }
        if (!onlySecond.isEmpty()) {
            reasons.add(a.get(0).executor() + " neither measured nor declared unsupported " + onlySecond);
        }
        return reasons;
    }

    private static Set<String> unsupported(List<RunResult> a, List<RunResult> b) {
        return Stream.concat(a.stream(), b.stream()).flatMap(run -> run.unsupported().stream()).map(Unsupported::metric)
                .collect(Collectors.toSet());
    }

    private static Set<String> measured(List<RunResult> side) {
        return side.stream().flatMap(run -> run.measurements().stream()).filter(m -> m.samples().n() > 0).map(m -> m.metric().id())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<MetricComparison> metrics(List<RunResult> a, NoiseFloor.Twice twice, NoiseFloor floor) {
        Set<String> common = measured(a);
        common.retainAll(measured(twice.once()));
        Set<String> unsupported = unsupported(a, twice.once());
        return common.stream().filter(id -> !unsupported.contains(id)).map(id -> metric(id, a, twice, floor.of(twice, id))).toList();
    }

    private static MetricComparison metric(String id, List<RunResult> a, NoiseFloor.Twice twice, MetricComparison.Noise noise) {
        Metric metric = measurements(a, id).get(0).metric();
        Pooled first = Pooled.of(measurements(a, id).stream().map(Measurement::samples).toList());
        Pooled second = Pooled.of(Stream.of(twice.once(), twice.again()).flatMap(side -> measurements(side, id).stream())
                .map(Measurement::samples).toList());
        long seed = 31L * a.get(0).digest().hashCode() + id.hashCode();
        MetricComparison.Ratio median = Bootstrap.ratio(first, second, 0.5, Intervals.CONFIDENCE, seed);
        MetricComparison.Ratio p99 = Bootstrap.ratio(first, second, 0.99, Intervals.CONFIDENCE, seed + 1);
        boolean declared = a.get(0).tolerances().containsKey(id);
        double tolerance = a.get(0).tolerances().getOrDefault(id, DEFAULT_TOLERANCE);
        Finding finding = declared || metric.unit() == Unit.NANOSECONDS || metric.id().startsWith(MEMORY)
                ? MetricComparison.judge(median, p99, tolerance, noise, Math.min(first.n(), second.n())) : Finding.REPORTED;
        return new MetricComparison(metric, first.n(), second.n(), median, p99, tolerance, declared, noise, finding);
    }

    private static List<Measurement> measurements(List<RunResult> side, String id) {
        return side.stream().sorted(Comparator.comparingLong(RunResult::seed).thenComparingInt(RunResult::replication))
                .flatMap(run -> run.measurement(id).stream()).toList();
    }

    private static List<CountComparison> counts(List<RunResult> a, List<RunResult> b) {
        Set<String> unsupported = unsupported(a, b);
        List<CountComparison> counts = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            for (ModeSwitch kind : ModeSwitch.values()) {
                Map<Integer, Long> first = counts(a, phase, kind);
                Map<Integer, Long> second = counts(b, phase, kind);
                first.keySet().retainAll(second.keySet());
                second.keySet().retainAll(first.keySet());
                long sumA = first.values().stream().mapToLong(Long::longValue).sum();
                long sumB = second.values().stream().mapToLong(Long::longValue).sum();
                if (sumA + sumB > 0) {
                    counts.add(new CountComparison(phase, kind, sumA, sumB, kind.synchronous() && countable(phase, kind, unsupported),
                            first.equals(second) || perInvocation(phase) && sameEach(first, invocations(a), second, invocations(b))));
                }
            }
        }
        return counts;
    }

    private static boolean perInvocation(Phase phase) {
        return phase == Phase.READY || phase == Phase.RUN;
    }

    /**
     * Whether the counts are the same for each invocation, in every replication. Callers that wait for answers call oftener where answers come
     * sooner, so that in a given time a prediction and a measurement may have served differently many.
     */
    private static boolean sameEach(Map<Integer, Long> a, Map<Integer, Long> servedA, Map<Integer, Long> b, Map<Integer, Long> servedB) {
        return a.keySet().stream().allMatch(r -> servedA.getOrDefault(r, 0L) > 0 && servedB.getOrDefault(r, 0L) > 0
                && a.get(r) * servedB.get(r) == b.get(r) * servedA.get(r));
    }

    private static Map<Integer, Long> invocations(List<RunResult> side) {
        Map<Integer, Long> served = new TreeMap<>();
        side.forEach(run -> run.measurement(Metrics.INVOCATIONS.id()).ifPresent(m -> served.put(run.replication(), Math.round(m.samples().mean()))));
        return served;
    }

    /** Count by replication; one that has no such entry counts as zero. */
    private static Map<Integer, Long> counts(List<RunResult> side, Phase phase, ModeSwitch kind) {
        Map<Integer, Long> counts = new TreeMap<>();
        side.forEach(run -> counts.merge(run.replication(), run.ledger().stream().filter(e -> e.phase() == phase && e.kind() == kind)
                .mapToLong(LedgerEntry::count).sum(), Long::sum));
        return counts;
    }

    /** Whether no side declared {@code ledger}, {@code ledger.syscall} or {@code ledger.run.syscall} unsupported, or the like. */
    private static boolean countable(Phase phase, ModeSwitch kind, Set<String> unsupported) {
        String kindName = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        String phaseName = phase.name().toLowerCase(Locale.ROOT);
        return Stream.of("ledger", "ledger." + kindName, "ledger." + phaseName, "ledger." + phaseName + "." + kindName)
                .noneMatch(unsupported::contains);
    }

    private static List<String> notes(List<RunResult> a, List<RunResult> b, List<MetricComparison> metrics) {
        RunProvenance first = a.get(0).provenance();
        RunProvenance second = b.get(0).provenance();
        List<String> notes = new ArrayList<>();
        if (!first.host().isEmpty() && !second.host().isEmpty() && !first.host().equals(second.host())) {
            Set<String> keys = new TreeSet<>(first.host().keySet());
            keys.addAll(second.host().keySet());
            notes.add("measured on different hosts: " + keys.stream()
                    .filter(key -> !first.host().getOrDefault(key, "").equals(second.host().getOrDefault(key, "")))
                    .map(key -> key + " " + first.host().getOrDefault(key, "unknown") + " against " + second.host().getOrDefault(key, "unknown"))
                    .collect(Collectors.joining(", ")));
        }
        for (MetricComparison metric : metrics) {
            Clock left = measurements(a, metric.metric().id()).get(0).clock();
            Clock right = measurements(b, metric.metric().id()).get(0).clock();
            boolean modelled = EnumSet.of(left, right).equals(EnumSet.of(Clock.VIRTUAL, Clock.WALL));
            if (left != right && !modelled && left != Clock.NONE && right != Clock.NONE) {
                notes.add(metric.metric().id() + " is by different clocks: " + left + " against " + right);
            }
        }
        if (!first.calibration().equals(second.calibration()) && !first.calibration().isEmpty() && !second.calibration().isEmpty()) {
            notes.add("different calibrations: " + first.calibration() + " and " + second.calibration());
        }
        if (!first.version().equals(second.version())) {
            notes.add("different versions: " + first.version() + " and " + second.version());
        }
        if (a.get(0).seed() != b.get(0).seed()) {
            notes.add("different seeds: " + a.get(0).seed() + " and " + b.get(0).seed());
        }
        return notes;
    }
}
