package sandglass.experiment.read;

import java.util.List;
import java.util.function.Supplier;
import sandglass.scenario.Host;
import sandglass.scenario.Length;

/** Reads for how long and how often a scenario runs, and the machine it runs on. */
final class LengthReader {

    private LengthReader() {}

    static Length read(Node node) {
        return node.record(f -> {
            Length.End end = end(f);
            long warmupNs = f.optional("warmup", Node::durationNs, 0L);
            Length.Repeat repeat = repeat(f);
            return () -> new Length(end, warmupNs, repeat);
        });
    }

    private static Length.End end(Fields f) {
        List<String> given = List.of("invocations", "duration", "load").stream().filter(f::has).toList();
        if (given.size() != 1) {
            f.node().problem("expected exactly one of invocations: a number, duration: a time, load: exhausted");
            return null;
        }
        return switch (given.get(0)) {
            case "invocations" -> f.required("invocations", n -> n.make(c -> c.whole(1, Long.MAX_VALUE), Length.End.Invocations::new));
            case "duration" -> f.required("duration", n -> n.make(Node::durationNs, Length.End.Duration::new));
            default -> f.required("load", new Variants<Length.End>().word("exhausted", new Length.End.LoadExhausted())::read);
        };
    }

    /** Replications are no axis: they are repetitions of one scenario. */
    private static Length.Repeat repeat(Fields f) {
        if (f.has("until") && f.has("replications")) {
            f.node().problem("only one of replications and until may be given");
        }
        if (f.has("until")) {
            return f.requiredWhole("until", LengthReader::until);
        }
        return new Length.Repeat.Replications(f.whole("replications", n -> n.count(1), 1));
    }

    private static Length.Repeat until(Node node) {
        return node.record(f -> {
            String metric = f.requiredWhole("metric", Node::text);
            double relativeHalfWidth = f.whole("relative-half-width", Node::share, 0.01);
            double confidence = f.whole("confidence", Node::share, 0.95);
            int least = f.whole("least", n -> n.count(2), 5);
            int most = f.whole("most", n -> n.count(2), 100);
            return () -> new Length.Repeat.UntilHalfWidth(metric, relativeHalfWidth, confidence, least, most);
        });
    }

    private static Supplier<Integer> neighbours(Fields f) {
        int computing = f.required("cpu", n -> n.count(0));
        return () -> computing;
    }

    static Host host(Node node) {
        return node.record(f -> {
            int cores = f.optional("cores", n -> "unlimited".equals(n.word()) ? Host.UNLIMITED : n.count(1), Host.UNLIMITED);
            long memoryBytes = f.optional("memory", n -> "unlimited".equals(n.word()) ? Long.MAX_VALUE : n.sizeBytes(), Long.MAX_VALUE);
            int neighbours = f.optional("neighbours", n -> n.record(LengthReader::neighbours), 0);
            return () -> new Host(cores, memoryBytes, neighbours);
        });
    }
}
