package sandglass.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import sandglass.result.Clock;
import sandglass.result.LedgerEntry;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.ParameterUse;
import sandglass.result.RunProvenance;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.result.Series;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;
import sandglass.unit.Unit;

/** Made-up results of plausible size, from a seed. */
final class Synthetic {

    static final List<String> STACKS = List.of("process", "container", "container-in-vm", "gvisor", "vm", "microvm", "microvm-snapshot",
            "unikernel", "usetl");
    private static final Map<String, double[]> PHASES_MS = Map.of("process", new double[] {1.1, 0, 18}, "container",
            new double[] {210, 0, 19}, "container-in-vm", new double[] {260, 0, 22}, "gvisor", new double[] {240, 0, 45}, "vm",
            new double[] {350, 1400, 20}, "microvm", new double[] {60, 125, 20}, "microvm-snapshot", new double[] {12, 0, 1}, "unikernel",
            new double[] {90, 240, 21}, "usetl", new double[] {0.9, 0, 0.4});

    private Synthetic() {}

    /** Replications of cold and pooled starts of these stacks. */
    static List<RunResult> starts(List<String> stacks, List<String> starts, String executor, double bias) {
        List<RunResult> results = new ArrayList<>();
        for (String stack : stacks) {
            for (String start : starts) {
                for (int replication = 0; replication < 10; replication++) {
                    SplittableRandom random = new SplittableRandom((stack + start + executor).hashCode() * 31L + replication);
                    double[] ms = PHASES_MS.get(stack);
                    boolean pool = start.equals("pool");
                    List<Measurement> measurements = new ArrayList<>();
                    double[] cold = new double[60];
                    double[] wait = new double[60];
                    for (int i = 0; i < cold.length; i++) {
                        cold[i] = 1e6 * bias * (ms[0] + ms[1] + ms[2]) * noise(random, 0.2);
                        wait[i] = pool ? (random.nextDouble() < 0.3 ? 0 : 1.4e6 * bias * noise(random, 0.3)) : cold[i] + 1e5;
                    }
                    measurements.add(raw(Metrics.START_COLD, cold));
                    measurements.add(raw(Metrics.START_CREATE, bias * 1e6 * ms[0] * noise(random, 0.05)));
                    measurements.add(raw(Metrics.START_BOOT, bias * 1e6 * ms[1] * noise(random, 0.05)));
                    measurements.add(raw(Metrics.START_INIT, bias * 1e6 * ms[2] * noise(random, 0.05)));
                    measurements.add(raw(Metrics.START_POOLED, bias * 1e6 * 0.9 * noise(random, 0.1)));
                    measurements.add(raw(Metrics.SERVICE, 4e6 * noise(random, 0.1)));
                    measurements.add(raw(Metrics.WAIT, wait));
                    measurements.add(raw(Metrics.INVOCATIONS, 60));
                    results.add(result("figure-6", stack, Map.of("stack", stack, "start", start), executor, replication, measurements,
                            List.of(memory(random)), ledger(stack)));
                }
            }
        }
        return results;
    }

    /** Memory of populations of sandboxes. */
    static List<RunResult> populations(List<String> stacks) {
        List<RunResult> results = new ArrayList<>();
        for (String stack : stacks) {
            for (int sandboxes : new int[] {1000, 1, 2, 5, 10, 20, 50, 100, 200, 500}) {
                for (String sharing : List.of("none", "by-construction")) {
                    for (int replication = 0; replication < 3; replication++) {
                        SplittableRandom random = new SplittableRandom(stack.hashCode() + 7L * replication + sandboxes);
                        double each = 28.7e6 + 3e6 * STACKS.indexOf(stack);
                        double bytes = sharing.equals("none") ? each * sandboxes : each + 0.3 * each * sandboxes;
                        results.add(result("memory", stack, Map.of("stack", stack, "load.population.sandboxes", "" + sandboxes,
                                "policy.sharing", sharing), "sim", replication, List.of(raw(Metrics.MEMORY_MAX, bytes * noise(random, 0.1))),
                                List.of(), List.of()));
                    }
                }
            }
        }
        return results;
    }

    /** Download times by file size. */
    static List<RunResult> downloads(List<String> stacks) {
        List<RunResult> results = new ArrayList<>();
        for (String stack : stacks) {
            for (String size : List.of("2MB", "8MB", "64MB", "256MB")) {
                SplittableRandom random = new SplittableRandom(stack.hashCode() + size.hashCode());
                double ns = 8e6 * Double.parseDouble(size.replace("MB", "")) * (1 + 0.2 * STACKS.indexOf(stack));
                double[] values = new double[30];
                for (int i = 0; i < values.length; i++) {
                    values[i] = ns * noise(random, 0.15);
                }
                results.add(result("figure-5", stack, Map.of("stack", stack, "function.work.0.get", size), "sim", 0,
                        List.of(raw(Metrics.GET, values)), List.of(), List.of()));
            }
        }
        return results;
    }

    static RunResult result(String experiment, String stack, Map<String, String> axes, String executor, int replication,
            List<Measurement> measurements, List<Series> series, List<LedgerEntry> ledger) {
        String id = experiment + "." + String.join(".", new TreeMap<>(axes).values());
        return new RunResult(id, "sha256:" + id, experiment, stack, Scenario.Role.VALIDATE, new LinkedHashMap<>(axes), "{}", Map.of(), 7,
                replication, executor, new RunProvenance("0.1.0", "17", Map.of(), "sha256:0123456789abcdef"), measurements, series, ledger,
                List.of(), List.of(), List.of(new ParameterUse(stack + ".create", "published", 3e9), new ParameterUse("link.packet", "measured",
                        1e9), new ParameterUse(stack + ".init", "assumed", 2e8)), Map.of(), List.of());
    }

    static Measurement raw(Metric metric, double... values) {
        return new Measurement(metric, Clock.VIRTUAL, Samples.Raw.of(values));
    }

    private static double noise(SplittableRandom random, double sigma) {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += random.nextDouble();
        }
        return Math.exp(sigma * sum);
    }

    private static Series memory(SplittableRandom random) {
        long[] times = new long[400];
        double[] values = new double[400];
        double bytes = 4e8;
        for (int i = 0; i < times.length; i++) {
            times[i] = i * 9_000_000_000L;
            bytes = Math.max(1e8, bytes + 4e7 * (random.nextDouble() - 0.48));
            values[i] = bytes;
        }
        return new Series("memory", Unit.BYTES, "Host memory", times, values);
    }

    private static List<LedgerEntry> ledger(String stack) {
        List<LedgerEntry> entries = new ArrayList<>();
        int at = STACKS.indexOf(stack);
        entries.add(new LedgerEntry(Phase.CREATE, ModeSwitch.SYSCALL, 60L * (10 + 37 * at), 60L * 4000 * (at + 1)));
        entries.add(new LedgerEntry(Phase.RUN, ModeSwitch.SYSCALL, 60L * 3, 60L * 900));
        if (at >= 4) {
            entries.add(new LedgerEntry(Phase.RUN, ModeSwitch.MMIO_EXIT, 60L * 5800, 60L * 11_600_000));
            entries.add(new LedgerEntry(Phase.BOOT, ModeSwitch.STAGE2_FAULT, 60L * 2700, 60L * 6_000_000));
            entries.add(new LedgerEntry(Phase.RUN, ModeSwitch.INTERRUPT_EXIT, 90, 90L * 2000));
        }
        if (at >= 7) {
            entries.add(new LedgerEntry(Phase.RUN, ModeSwitch.PIO_EXIT, 120, 120L * 42_000));
        }
        return entries;
    }
}
