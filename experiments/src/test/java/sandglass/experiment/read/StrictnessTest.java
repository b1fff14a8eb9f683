package sandglass.experiment.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictnessTest {

    private static final String TYPO = "mispelt";

    private static List<Problem> problems(Runnable read) {
        BadInputException refusal = catchThrowableOfType(BadInputException.class, read::run);
        assertThat(refusal).as("the input should have been refused").isNotNull();
        return refusal.problems();
    }

    /** Every mapping of a document, found again in each fresh parse by its number. */
    private static void mappings(Tree tree, Consumer<Tree.Mapping> each) {
        if (tree instanceof Tree.Mapping mapping) {
            List<Tree> values = new ArrayList<>(mapping.entries().values());
            each.accept(mapping);
            values.forEach(value -> mappings(value, each));
        } else if (tree instanceof Tree.Sequence sequence) {
            sequence.items().forEach(item -> mappings(item, each));
        }
    }

    private static int count(Tree tree) {
        int[] count = {0};
        mappings(tree, mapping -> count[0]++);
        return count[0];
    }

    private static Tree misspelt(Tree tree, int number) {
        int[] at = {0};
        Tree.Place place = new Tree.Place("typo", 99);
        mappings(tree, mapping -> {
            if (at[0]++ == number) {
                mapping.entries().put(TYPO, new Tree.Scalar(place, "1", true));
                mapping.keyPlaces().put(TYPO, place);
            }
        });
        return tree;
    }

    private static void everyMapping(java.util.function.Supplier<Tree> parse, Consumer<Tree> read) {
        int mappings = count(parse.get());
        assertThat(mappings).isPositive();
        for (int i = 0; i < mappings; i++) {
            Tree tree = misspelt(parse.get(), i);
            assertThat(problems(() -> read.accept(tree))).as("mapping %d", i)
                    .anySatisfy(problem -> assertThat(problem.toString()).contains(TYPO));
        }
    }

    /** Oracle: the rule that no unknown key is accepted anywhere, tried in each mapping of files that use every key. */
    @Test void aMisspeltKeyInAnyMappingOfAnExperimentIsNamed() {
        Path file = Valid.file("full.yaml");
        everyMapping(() -> YamlTree.parse(file, "full.yaml"),
                tree -> new ExperimentPasses(file, tree, new Library(List.of()), OptionalLong.empty()).read());
    }

    @Test void aMisspeltKeyInAnyMappingOfAStackIsNamed() {
        everyMapping(() -> YamlTree.parse(Valid.file("stacks/box.yaml"), "box.yaml"), StackReader::read);
    }

    @Test void aMisspeltKeyInAnyMappingOfTheFunctionsIsNamed() {
        everyMapping(() -> YamlTree.parse(Valid.file("functions.yaml"), "functions.yaml"), Library::functions);
    }

    @Test void aMisspeltKeyInAnyMappingOfACalibrationIsNamed() {
        everyMapping(() -> JsonTree.parse(Valid.file("calibrations/some.json"), "some.json"), CalibrationReader::read);
    }

    /** Oracle: the messages, written out by hand: where, what was found, what was expected. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        load=bursty                    | load: unknown value 'bursty'; expected one of {closed: ...}, {open: ...}
        load.closed.clients=0          | load.closed.clients: '0' is not a whole number of at least 1
        host.memory=16GB/s             | host.memory: '16GB/s' is not a size such as 128MiB
        host.memory=16                 | host.memory: '16' is not a size such as 128MiB
        length.duration=-1h            | length.duration: '-1h' is negative; expected a duration
        length.duration=10 parsecs     | length.duration: '10 parsecs' is not a duration such as 10ms
        policy.reuse=newset            | policy.reuse: unknown value 'newset'; did you mean 'newest'?; expected one of newest, oldest
        policy.keep-alive.tll=1min     | policy.keep-alive.tll: unknown key 'tll'; did you mean 'ttl'?
        stack=boxx                     | stack: there is no stack 'boxx'; did you mean 'box'?
        function=idel                  | function: there is no function 'idel'; did you mean 'idle'?
        lenght.duration=1h             | lenght: unknown key 'lenght'; did you mean 'length'?
        load.open.poisson=0/s          | load: only one of closed, open may be given
        length.replications=[1,2]      | length.replications: expected a whole number of at least 1, found a list
        tolerance.start.cold=5%        | tolerance.start: there is no metric 'start'
        load=trace                     | load: the experiment has no key 'trace'
        stack=[box, box]               | stack: the same value stands twice
        stack=[]                       | stack: an empty list
        paths.getx.mtu=1B              | paths.getx: the stack 'box' has no path 'getx'
        length={load: exhausted}       | length: this load never ends by itself
        function.work=1                | 'function' is a single value, so it has no 'work'
        """)
    void badValuesAreNamedWithPathAndExpectation(String setting, String message) {
        List<Problem> problems = problems(() -> Valid.experiment("small.yaml", setting));
        assertThat(problems).anySatisfy(problem -> assertThat(problem.toString()).contains(message));
    }

    /** Oracle: lines counted by hand. All problems of a file come at once, in the order of lines. */
    @Test void allProblemsOfAFileComeAtOnceWithTheirLines(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("bad.yaml"), """
            experiment: bad
            question: What is wrong?
            stcak: box
            load: {closed: {clients: many}}
            host: {cores: 2, memory: 16GiB, disk: 1TB}
            length: {duration: -5s}
            """);
        assertThat(problems(() -> Valid.reader().read(file))).extracting(p -> p.toString().replace(file.toString(), "bad.yaml")).satisfiesExactly(
                p -> assertThat(p).isEqualTo("bad.yaml:1: missing key 'stack'"),
                p -> assertThat(p).startsWith("bad.yaml:3: stcak: unknown key 'stcak'; did you mean 'stack'?"),
                p -> assertThat(p).isEqualTo("bad.yaml:4: load.closed.clients: 'many' is not a whole number of at least 1"),
                p -> assertThat(p).startsWith("bad.yaml:5: host.disk: unknown key 'disk'"),
                p -> assertThat(p).startsWith("bad.yaml:6: length.duration: '-5s' is negative"));
    }

    /** Oracle: each candidate of an axis is read, whichever comes first. */
    @Test void aProblemInAnyCandidateOfAnAxisIsFound() {
        assertThat(problems(() -> Valid.experiment("small.yaml", "host.memory=[1GiB, 2GiBB, -3MiB]"))).extracting(Problem::path)
                .containsExactly("host.memory[1]", "host.memory[2]");
    }

    @Test void duplicateKeysAndBrokenSyntaxAreNamedWithTheirLine() {
        assertThat(problems(() -> YamlTree.parse("a: 1\nb: 2\na: 3\n", "x.yaml"))).extracting(Problem::toString)
                .containsExactly("x.yaml:3: a: this key stands twice in one mapping; first on line 1");
        assertThat(problems(() -> YamlTree.parse("a: [1, 2\nb: 3\n", "x.yaml"))).extracting(Problem::line).containsExactly(2);
        assertThat(problems(() -> JsonTree.parse("{\"a\": 1,\n \"a\": 2}", "x.json"))).extracting(Problem::toString)
                .containsExactly("x.json:2: a: this key stands twice in one object; first on line 1");
        assertThat(problems(() -> JsonTree.parse("{\"a\": \n 1,, }", "x.json"))).extracting(Problem::line).containsExactly(2);
    }

    /** Oracle: an alias inside its own anchor has no end, so no finite document may come out. */
    @Test void anAliasThatContainsItselfIsRefused() {
        assertThat(problems(() -> YamlTree.parse("a: &x\n  b: *x\n", "x.yaml"))).isNotEmpty();
    }

    @Test void aFigureThatNamesNoAxisIsRefused() {
        assertThat(problems(() -> Valid.experiment("small.yaml", "figures=[{bars: {metric: start.cold, x: stak}}]")))
                .extracting(Problem::message).first().asString().startsWith("'stak' is not an axis of this experiment; did you mean 'stack'?");
    }

    @Test void aMissingFileIsNamed(@TempDir Path dir) {
        assertThat(problems(() -> Valid.reader().read(dir.resolve("none.yaml")))).extracting(Problem::message).containsExactly("no such file");
    }
}
