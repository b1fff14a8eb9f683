package sandglass.experiment.read;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

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
        return tree instanceof Tree.Mapping mapping && mapping.entries().containsKey("suite") ? suite(file, tree) : experiment(file, tree);
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
