package sandglass.experiment.read;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import sandglass.kvm.probe.UsfBenchmark;

/** Reads experiments and suites and expands them. */
public final class ExperimentReader {

    private final Library library;
    private final List<Setting> settings;
    private final OptionalLong seed;

    /**
     * @param library what comes with Sandglass; what lies beside an experiment is found first
     * @param settings overrides, applied to each experiment before it is checked
     * @param seed replaces the experiment's own
     */
    public ExperimentReader(Library library, List<Setting> settings, OptionalLong seed) {
        this.library = library;
        this.settings = List.copyOf(settings);
        this.seed = seed;
    }

    /**
     * Reads and expands a file.
     *
     * @throws BadInputException with every problem found
     */
    public ExperimentFile read(Path file) {
        Tree tree = YamlTree.parse(file, file.toString());
        if (tree instanceof Tree.Mapping mapping && mapping.entries().containsKey("benchmark")) {
            return benchmark(file, tree);
        }
        return tree instanceof Tree.Mapping mapping && mapping.entries().containsKey("suite") ? suite(file, tree) : experiment(file, tree);
    }

    private ExperimentFile.Benchmark benchmark(Path file, Tree parsed) {
        Tree tree = parsed;
        for (Setting setting : settings) {
            tree = setting.applyTo(tree);
        }
        Reading reading = Reading.plain();
        ExperimentFile.Benchmark benchmark = reading.root(tree).record(f -> {
            String name = f.required("experiment", Node::text);
            String question = f.required("question", Node::text);
            f.required("benchmark", n -> n.choice(BenchmarkKind.class));
            long transferBytes = f.optional("transfer", Node::sizeBytes, 64_000_000L);
            UsfBenchmark.Rounds rounds = f.required("rounds", n -> rounds(n, transferBytes));
            return () -> new ExperimentFile.Benchmark(name, question, file, rounds);
        });
        reading.finish();
        return benchmark;
    }

    private static UsfBenchmark.Rounds rounds(Node node, long transferBytes) {
        return node.record(f -> {
            int clone = f.optional("clone", n -> n.count(1), 300);
            int warm = f.optional("warm", n -> n.count(1), 5000);
            int exit = f.optional("exit", n -> n.count(1), 20_000);
            int transfer = f.optional("transfer", n -> n.count(1), 21);
            return () -> new UsfBenchmark.Rounds(clone, warm, exit, transfer, transferBytes);
        });
    }

    /** The benchmarks there are. */
    private enum BenchmarkKind {
        USF
    }

    private ExperimentFile.Suite suite(Path file, Tree tree) {
        Reading reading = Reading.plain();
        ExperimentFile.Suite suite = reading.root(tree).record(f -> {
            String name = f.required("experiment", Node::text);
            String question = f.required("question", Node::text);
            List<String> claims = f.whole("claims", n -> n.list(Node::text), List.of());
            List<ExperimentFile.Experiment> members = f.requiredWhole("suite", n -> n.list(member -> member(file, member)));
            return () -> new ExperimentFile.Suite(name, question, file, members, claims);
        });
        reading.finish();
        return suite;
    }

    private ExperimentFile.Experiment member(Path suite, Node node) {
        String name = node.text();
        if (name == null) {
            return null;
        }
        Path file = suite.resolveSibling(name);
        try {
            return experiment(file, YamlTree.parse(file, file.toString()));
        } catch (BadInputException e) {
            node.reading().report(e.problems());
            return null;
        }
    }

    private ExperimentFile.Experiment experiment(Path file, Tree parsed) {
        Tree tree = parsed;
        for (Setting setting : settings) {
            tree = setting.applyTo(tree);
        }
        return new ExperimentPasses(file, tree, library, seed).read();
    }
}
