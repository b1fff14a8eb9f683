package sandglass.experiment.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Supplier;
import sandglass.experiment.write.Identity;
import sandglass.plot.FigureSpec;
import sandglass.scenario.Scenario;

/** The passes over one experiment: one that explores its axes, then one for each combination of their candidates. */
final class ExperimentPasses {

    private static final String PUBLISHED = "calibrations/published.json";

    private final Path file;
    private final Path directory;
    private final Tree tree;
    private final Library library;
    private final OptionalLong seed;

    /** What one pass gives. */
    private record Draft(String name, String question, Path calibration, Scenario scenario) {}

    ExperimentPasses(Path file, Tree tree, Library library, OptionalLong seed) {
        this.file = file;
        this.directory = Objects.requireNonNullElse(file.getParent(), Path.of(""));
        this.tree = tree;
        this.library = library.nearer(directory);
        this.seed = seed;
    }

    ExperimentFile.Experiment read() {
        Reading exploring = Reading.exploring();
        Draft draft = exploring.root(tree).record(this::draft);
        exploring.finish();
        Expansion expansion = new Expansion(exploring.axes());
        List<FigureSpec> figures = figures(expansion);
        return new ExperimentFile.Experiment(draft.name(), draft.question(), file, draft.calibration(), expansion.names(),
                scenarios(expansion), figures);
    }

    private Supplier<Draft> draft(Fields f) {
        String name = f.requiredWhole("experiment", Node::text);
        String question = f.requiredWhole("question", Node::text);
        Scenario.Role role = f.whole("role", n -> n.choice(Scenario.Role.class), Scenario.Role.VALIDATE);
        Path calibration = f.whole("calibration", this::calibration, library.nearest(PUBLISHED));
        long ownSeed = f.whole("seed", n -> n.whole(Long.MIN_VALUE, Long.MAX_VALUE), 1L);
        f.has("figures");
        Supplier<Scenario> scenario = new ScenarioReader(name, role, seed.orElse(ownSeed), library, directory).read(f);
        return () -> new Draft(name, question, calibration, scenario.get());
    }

    private Path calibration(Node node) {
        Path given = node.path(directory);
        String text = node.word();
        return text == null || given.toFile().exists() ? given : library.nearest(text);
    }

    private List<FigureSpec> figures(Expansion expansion) {
        Reading reading = Reading.plain();
        FigureReader figureReader = new FigureReader(expansion);
        List<FigureSpec> figures = reading.root(tree).find("figures").map(n -> n.list(figureReader::read)).orElse(List.of());
        reading.finish();
        return figures;
    }

    private List<Scenario> scenarios(Expansion expansion) {
        Identity identity = new Identity();
        Map<String, Scenario> byDigest = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Expansion.Combination combination : expansion.combinations()) {
            try {
                Reading choosing = Reading.choosing(combination.indexes());
                Draft draft = choosing.root(tree).record(this::draft);
                choosing.finish();
                Scenario scenario = identity.identify(draft.scenario(), combination.labels(), combination.slug());
                Scenario same = byDigest.putIfAbsent(scenario.digest(), scenario);
                if (same != null) {
                    problems.add(new Problem(file.toString(), 0, "", "two combinations of axes are the same scenario: " + same.axes()
                            + " and " + scenario.axes()));
                }
            } catch (BadInputException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new BadInputException(List.copyOf(new LinkedHashSet<>(problems)));
        }
        return List.copyOf(byDigest.values());
    }
}
