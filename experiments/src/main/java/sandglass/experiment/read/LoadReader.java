package sandglass.experiment.read;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import sandglass.scenario.Load;
import sandglass.unit.Distribution;

/** Reads where invocations come from. */
final class LoadReader {

    private static final double NS_PER_SECOND = 1e9;

    private LoadReader() {}

    /**
     * Reads {@code load}; the word {@code trace} stands for the experiment's own {@code trace}, which is null if it was bad.
     *
     * @param servers how many invocations can be computed at a time, for a load that is given as utilisation
     */
    static Load read(Node node, boolean traceGiven, Load.Trace trace, Path directory, int servers) {
        if ("trace".equals(node.word())) {
            if (!traceGiven) {
                node.problem("the experiment has no key 'trace' that says which one");
            }
            return trace;
        }
        return new Variants<Load>()
                .only("closed", n -> n.record(LoadReader::closed))
                .only("open", n -> n.record(f -> open(f, servers)))
                .only("burst", n -> n.record(LoadReader::burst))
                .only("population", n -> n.record(LoadReader::population))
                .only("trace", n -> trace(n, directory))
                .read(node);
    }

    private static Supplier<Load> closed(Fields f) {
        Integer clients = f.required("clients", n -> n.count(1));
        Distribution think = f.optional("think", DistributionReader::durationNs, new Distribution.Constant(0));
        return () -> new Load.Closed(clients, think);
    }

    private static Supplier<Load> open(Fields f, int servers) {
        boolean poisson = f.has("poisson");
        boolean utilised = f.has("utilisation");
        if ((poisson ? 1 : 0) + (utilised ? 1 : 0) + (f.has("gap") ? 1 : 0) != 1) {
            f.node().problem("expected one of poisson: a rate, gap: a distribution of the time between arrivals, or utilisation: a share");
            return () -> null;
        }
        if (utilised) {
            return utilised(f, servers);
        }
        Distribution gap = poisson ? f.required("poisson", LoadReader::poissonGap) : f.required("gap", DistributionReader::durationNs);
        double zipf = f.optional("zipf", Node::nonNegative, 0.0);
        return () -> new Load.Open(gap, zipf);
    }

    /** Poisson arrivals that keep so much of the servers busy, if each invocation takes one of them for the time given. */
    private static Supplier<Load> utilised(Fields f, int servers) {
        Double share = f.required("utilisation", Node::share);
        Long serviceNs = f.required("service", Node::durationNs);
        double zipf = f.optional("zipf", Node::nonNegative, 0.0);
        if (servers == Integer.MAX_VALUE) {
            f.node().problem("a utilisation needs host.cores or policy.limit: nothing is utilised of what is unlimited");
        } else if (share != null && serviceNs != null && share * serviceNs == 0) {
            f.node().problem("utilisation and service must be above zero");
        }
        return () -> new Load.Open(new Distribution.Exponential(serviceNs / (share * servers)), zipf);
    }

    private static Distribution poissonGap(Node node) {
        int before = node.reading().problemCount();
        double perSecond = node.ratePerSecond();
        if (node.word() != null && perSecond == 0 && node.reading().problemCount() == before) {
            node.problem("a rate of arrivals must be above zero");
        }
        return perSecond == 0 ? null : new Distribution.Exponential(NS_PER_SECOND / perSecond);
    }

    private static Supplier<Load> burst(Fields f) {
        Integer size = f.required("size", n -> n.count(1));
        int rounds = f.optional("rounds", n -> n.count(1), 1);
        long gapNs = f.optional("gap", Node::durationNs, 0L);
        return () -> new Load.Burst(size, rounds, gapNs);
    }

    private static Supplier<Load> population(Fields f) {
        Integer sandboxes = f.required("sandboxes", n -> n.count(1));
        int invocations = f.optional("invocations", n -> n.count(0), 1);
        return () -> new Load.Population(sandboxes, invocations);
    }

    /** A trace whose path counts from {@code directory}, or from the working directory if it was given on the command line. */
    static Load.Trace trace(Node node, Path directory) {
        return node.record(f -> {
            String format = f.required("format", Node::text);
            Path path = f.required("path", n -> file(n, directory));
            Load.Trace.Arrivals arrivals = f.optional("arrivals", n -> n.choice(Load.Trace.Arrivals.class), Load.Trace.Arrivals.EQUIDISTANT);
            Load.Trace.Durations durations = f.optional("durations", n -> n.choice(Load.Trace.Durations.class), Load.Trace.Durations.AVERAGE);
            Load.Trace.Missing noDuration = f.optional("missing-duration", n -> n.choice(Load.Trace.Missing.class), Load.Trace.Missing.DROP);
            Load.Trace.Missing noMemory = f.optional("missing-memory", n -> n.choice(Load.Trace.Missing.class), Load.Trace.Missing.MEDIAN);
            Load.Trace.Service service = f.optional("service", n -> n.choice(Load.Trace.Service.class), Load.Trace.Service.WAIT);
            int fromMinute = f.optional("from-minute", n -> n.count(0), 0);
            int minutes = f.optional("minutes", n -> "all".equals(n.word()) ? Integer.MAX_VALUE : n.count(1), Integer.MAX_VALUE);
            int day = f.optional("day", n -> n.count(0), 0);
            double speed = f.optional("speed", Node::nonNegative, 1.0);
            return () -> new Load.Trace(format, path.toString(), arrivals, durations, noDuration, noMemory, service, fromMinute, minutes, day, speed);
        });
    }

    private static Path file(Node node, Path directory) {
        Path path = node.path(directory);
        if (path != null && !Files.exists(path)) {
            node.problem("'" + path + "' does not exist; expected a file or directory with a trace (--set trace.path=DIR gives another)");
        }
        return path;
    }
}
