package sandglass.experiment.read;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.scenario.Batching;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.IoPath;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.Op;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;

/** Reads the part of an experiment that makes up a scenario, in one pass: with the axes explored, or with one candidate of each chosen. */
final class ScenarioReader {

    private final String experiment;
    private final Scenario.Role role;
    private final long seed;
    private final Library library;
    private final Path directory;

    /** @param directory from which the paths in the file count */
    ScenarioReader(String experiment, Scenario.Role role, long seed, Library library, Path directory) {
        this.experiment = experiment;
        this.role = role;
        this.seed = seed;
        this.library = library;
        this.directory = directory;
    }

    /** Reads every key of a scenario. The value, once built, has no identity yet: id, digest and spec are empty. */
    Supplier<Scenario> read(Fields f) {
        Node node = f.node();
        Stack named = f.required("stack", this::stack);
        Map<String, Node> changes = f.optional("paths", n -> n.map(path -> path), Map.of());
        Scenario.Start start = f.optional("start", n -> n.choice(Scenario.Start.class), Scenario.Start.CREATE);
        Load.Trace trace = f.optional("trace", n -> LoadReader.trace(n, directory), null);
        Host host = f.required("host", LengthReader::host);
        Policies policies = f.optional("policy", PolicyReader::read, PolicyReader.defaults());
        Load load = f.required("load", n -> LoadReader.read(n, f.has("trace"), trace, directory, servers(host, policies)));
        List<Function> functions = functions(f, load);
        Length length = f.required("length", LengthReader::read);
        Map<String, Double> tolerances = f.whole("tolerance", n -> n.mapBy(ScenarioReader::metricName, Node::share), Map.of());
        Stack stack = named == null ? null : changed(named, changes);
        if (stack != null && load != null && length != null) {
            check(node, stack, functions, load, length);
        }
        return () -> new Scenario("", "", experiment, role, Map.of(), stack, start, functions, load, host, policies, length, tolerances,
                seed, "");
    }

    /** How many invocations can be computed at a time. */
    private static int servers(Host host, Policies policies) {
        return host == null || policies == null ? 1 : Math.min(host.cores(), policies.limit());
    }

    private Stack stack(Node node) {
        if (node.isMapping()) {
            return StackReader.stack(node);
        }
        String name = node.text();
        return name == null ? null : library.stack(name, node);
    }

    private Function function(Node node) {
        if (node.isMapping()) {
            return FunctionReader.function(node);
        }
        String name = node.text();
        return name == null ? null : library.function(name, node);
    }

    private List<Function> functions(Fields f, Load load) {
        boolean one = f.has("function");
        boolean several = f.has("functions");
        if (one && several) {
            f.node().problem("only one of function and functions may be given");
        }
        if (!one && !several && !(load instanceof Load.Trace) && load != null) {
            f.node().problem("missing key 'function' (or 'functions' for several at once)");
        }
        if (several) {
            return f.whole("functions", n -> n.list(this::function), List.of());
        }
        Function function = f.optional("function", this::function, null);
        return function == null ? List.of() : List.of(function);
    }

    /** The stack with the properties of its paths that the experiment changes. */
    private static Stack changed(Stack stack, Map<String, Node> changes) {
        Map<String, IoPath> paths = new TreeMap<>(stack.paths());
        changes.forEach((name, node) -> {
            IoPath old = paths.get(name);
            if (old == null) {
                node.problem("the stack '" + stack.name() + "' has no path '" + name + "'" + Suggestion.of(name, paths.keySet())
                        + "; it has " + String.join(", ", paths.keySet()));
                return;
            }
            IoPath changed = node.record(f -> {
                int mtuBytes = f.optional("mtu", StackReader::smallSize, old.mtuBytes());
                int blockBytes = f.optional("block", StackReader::smallSize, old.blockBytes());
                Batching batching = f.optional("batching", StackReader::batching, old.batching());
                IoPath.Overlap overlap = f.optional("overlap", n -> n.choice(IoPath.Overlap.class), old.overlap());
                return () -> new IoPath(name, mtuBytes, blockBytes, batching, overlap, old.hops());
            });
            if (changed != null) {
                paths.put(name, changed);
            }
        });
        return new Stack(stack.name(), stack.title(), stack.boundary(), stack.lifecycle(), paths, stack.memory(), stack.disk(),
                stack.switchCosts(), stack.computeOverhead(), stack.guestScheduler(), stack.interchangeable(), stack.recycle(),
                stack.warmed(), stack.perProcess());
    }

    private static void check(Node node, Stack stack, List<Function> functions, Load load, Length length) {
        for (Function function : functions) {
            for (Op op : function.work().ops()) {
                String path = op instanceof Op.Get get ? get.path() : op instanceof Op.Post post ? post.path() : null;
                if (path != null && !stack.paths().containsKey(path)) {
                    node.problem("function '" + function.name() + "' uses the path '" + path + "', which the stack '" + stack.name()
                            + "' does not have; it has " + String.join(", ", stack.paths().keySet()));
                }
            }
        }
        boolean endless = load instanceof Load.Closed || load instanceof Load.Open;
        if (endless && length.end() instanceof Length.End.LoadExhausted) {
            node.find("length").orElse(node).problem("this load never ends by itself; expected invocations: a number, or duration: a time");
        }
        if (length.repeat() instanceof Length.Repeat.UntilHalfWidth until && Metrics.find(until.metric()).isEmpty()) {
            node.problem("length.until.metric: " + unknownMetric(until.metric()));
        }
    }

    static String metric(Node node) {
        String id = node.text();
        return id == null ? null : metricName(id, node);
    }

    private static String metricName(String id, Node node) {
        if (Metrics.find(id).isEmpty()) {
            node.problem(unknownMetric(id));
        }
        return id;
    }

    private static String unknownMetric(String id) {
        List<String> ids = Metrics.all().stream().map(Metric::id).toList();
        return "there is no metric '" + id + "'" + Suggestion.of(id, ids) + "; expected one of " + String.join(", ", ids);
    }
}
