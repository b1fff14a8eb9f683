package sandglass.experiment.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.LiveStack;
import sandglass.result.Samples;
import sandglass.scenario.Phase;

/** Prints calls: one JSON object a line, or the last result and a ledger of all. */
final class InvokeReport implements Invoker.Sink {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MICROSECOND_NS = 1e3;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;
    private final LiveStack stack;
    private final Map<Phase, List<Double>> phaseNs = new EnumMap<>(Phase.class);
    private final Map<String, List<Double>> stepNs = new LinkedHashMap<>();
    private final List<Double> wallNs = new ArrayList<>();
    private Invoker.Line last;

    InvokeReport(Console console, boolean json, LiveStack stack) {
        this.out = console.out();
        this.err = console.err();
        this.json = json;
        this.stack = stack;
    }

    @Override public boolean isGood(Call call) {
        return error(call) == null;
    }

    /** What went wrong, or null; a hostile function can reach past the runner and answer anything. */
    private static String error(Call call) {
        return call.result() != null && JsonValue.problem(call.result()).isPresent() ? "the answer is no JSON" : call.error();
    }

    @Override public void take(Invoker.Line line) {
        String error = error(line.call());
        if (error != null) {
            err.print(error.endsWith("\n") ? error : "sandglass: " + error + "\n");
        }
        if (json) {
            out.println(text(object(line)));
            out.flush();
            return;
        }
        last = line;
        wallNs.add((double) line.wallNs());
        line.phases().forEach((phase, ns) -> phaseNs.computeIfAbsent(phase, p -> new ArrayList<>()).add((double) ns));
        line.stepsNs().forEach((step, ns) -> stepNs.computeIfAbsent(step, s -> new ArrayList<>()).add((double) ns));
    }

    private Map<String, Object> object(Invoker.Line line) {
        Map<String, Object> object = new LinkedHashMap<>();
        String error = error(line.call());
        object.put("result", error == null ? new RawValue(JsonValue.inOneLine(line.call().result())) : null);
        object.put("error", error);
        object.put("stack", stack.name());
        object.put("wall_ns", line.wallNs());
        Map<String, Long> phases = new LinkedHashMap<>();
        line.phases().forEach((phase, ns) -> phases.put(name(phase), ns));
        object.put("phases", phases);
        object.put("steps_ns", line.stepsNs());
        object.put("counts", line.call().counts());
        object.put("exits", line.call().exits());
        object.put("exit_ns", line.call().exitNs());
        object.put("syscalls", line.call().systemCalls());
        object.put("dirty_pages", line.dirtyPages() < 0 ? null : line.dirtyPages());
        object.put("pss_bytes", line.footprint() == Footprint.NONE ? null : line.footprint().pssBytes());
        object.put("uss_bytes", line.footprint() == Footprint.NONE ? null : line.footprint().ussBytes());
        object.put("recycle_ns", line.recycleNs() < 0 ? null : line.recycleNs());
        object.put("kernel", kernel(line));
        object.put("preparation_ns", stack.preparationNs());
        object.put("log", line.call().log());
        object.put("unsupported", stack.unsupported());
        return object;
    }

    private static Map<String, Long> kernel(Invoker.Line line) {
        Map<String, Long> kernel = new LinkedHashMap<>();
        if (!line.call().exits().isEmpty()) {
            var counted = line.call().kernel();
            kernel.put("exits", counted.exits());
            kernel.put("io_exits", counted.ioExits());
            kernel.put("faults", counted.faults());
            kernel.put("interrupts", counted.interrupts());
            kernel.put("emulated_instructions", counted.emulated());
        }
        return kernel;
    }

    private static String text(Map<String, Object> object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and lists could not be written as JSON", e);
        }
    }

    @Override public void end() {
        if (json) {
            return;
        }
        if (!last.call().log().isEmpty()) {
            err.print(last.call().log());
        }
        if (isGood(last.call())) {
            out.println(last.call().result());
        }
        out.printf("%n%-12s %6s %14s %14s   microseconds%n", stack.name(), "n", "median", "p99");
        stack.preparationNs().forEach((name, ns) -> row(name + ", once", List.of((double) ns)));
        phaseNs.forEach((phase, ns) -> row(name(phase), ns));
        row("call, all in", wallNs);
        if (!stepNs.isEmpty()) {
            out.printf("%nsteps of create and init%n");
            stepNs.forEach(this::row);
        }
        out.printf("%n%-12s %s%n", "exits", last.call().exits().isEmpty() ? stack.unsupported().containsKey("exits")
                ? "not counted" : "none: no guest" : counts(last.call().exits()));
        if (!last.call().exitNs().isEmpty()) {
            out.printf("%-12s %s%n", "of these, ns", counts(last.call().exitNs()) + " in the monitor");
        }
        if (!last.call().systemCalls().isEmpty()) {
            out.printf("%-12s %s%n", "system calls", counts(last.call().systemCalls()));
        }
        Map<String, Long> kernel = kernel(last);
        if (!kernel.isEmpty()) {
            out.printf("%-12s %s%n", "KVM counted", counts(kernel));
        }
        if (!last.call().counts().isEmpty()) {
            out.printf("%-12s %s%n", "the host counted", counts(last.call().counts()));
        }
        if (last.dirtyPages() >= 0) {
            out.printf("%-12s %d%n", "pages dirty", last.dirtyPages());
        }
        if (last.footprint() != Footprint.NONE) {
            out.printf(Locale.ROOT, "%-12s PSS %.0f KiB, USS %.0f KiB%n", "memory", last.footprint().pssBytes() / 1024.0,
                    last.footprint().ussBytes() / 1024.0);
        }
        stack.unsupported().forEach((name, reason) -> out.printf("%-12s unknown: %s%n", name, reason));
    }

    private void row(String name, List<Double> ns) {
        Samples.Raw samples = new Samples.Raw(ns.stream().mapToDouble(v -> v).toArray());
        out.printf(Locale.ROOT, "%-14s %4d %14.1f %14.1f%n", name, samples.n(), samples.quantile(0.5) / MICROSECOND_NS,
                samples.quantile(0.99) / MICROSECOND_NS);
    }

    private static String name(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private static String counts(Map<String, ? extends Number> counts) {
        return counts.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", "));
    }
}
