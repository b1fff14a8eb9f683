package sandglass.experiment.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.Op;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.unit.Distribution;

class ExpansionTest {

    private static Scenario first(String... settings) {
        return Valid.experiment("small.yaml", settings).scenarios().get(0);
    }

    /** Oracle: counting by hand. 2 stacks, 2 starts, 2 sizes; 6 loads, the first of which has 2 clients: 2*2*2*(6+1). */
    @Test void theProductHasEveryCombinationOnce() {
        List<Scenario> scenarios = Valid.experiment("full.yaml").scenarios();
        assertThat(scenarios).hasSize(56);
        assertThat(scenarios).extracting(Scenario::digest).doesNotHaveDuplicates();
        assertThat(scenarios).extracting(Scenario::id).doesNotHaveDuplicates();
    }

    /** Oracle: the documented order, the first axis slowest, and names as the shortest unambiguous tails. */
    @Test void axesAreNamedByTheirShortestTailsAndVaryInTheOrderOfReading() {
        ExperimentFile.Experiment full = Valid.experiment("full.yaml");
        assertThat(full.axes()).containsExactlyInAnyOrder("stack", "start", "get", "load", "clients");
        assertThat(full.scenarios().get(0).axes()).containsEntry("stack", "box").containsEntry("start", "create").containsEntry("get", "2MB")
                .containsEntry("load", "closed: {clients: [1, 2], think: 1s}").containsEntry("clients", "1");
        assertThat(full.scenarios().stream().map(s -> s.stack().name()).toList().subList(0, 28)).containsOnly("box");
        assertThat(full.scenarios().get(0).id()).matches("full\\.box\\.create\\.[a-z0-9-]+\\.1\\.2mb-[0-9a-f]{6}");
    }

    /** Oracle: the reader, on what the writer wrote: the second reading gives the same scenario. */
    @Test void everySpecReadsBackToTheSameScenario(@TempDir Path dir) throws Exception {
        for (Scenario scenario : Valid.experiment("full.yaml").scenarios()) {
            Path file = Files.writeString(dir.resolve("spec.yaml"), scenario.spec());
            Scenario again = ((ExperimentFile.Experiment) Valid.reader().read(file)).scenarios().get(0);
            assertThat(again.digest()).isEqualTo(scenario.digest());
            assertThat(again.spec()).isEqualTo(scenario.spec());
            assertThat(again.functions()).isEqualTo(scenario.functions());
            assertThat(again.load()).isEqualTo(scenario.load());
            assertThat(again.policies()).isEqualTo(scenario.policies());
            assertThat(again.length()).isEqualTo(scenario.length());
            assertThat(again.host()).isEqualTo(scenario.host());
            assertThat(again.tolerances()).isEqualTo(scenario.tolerances());
            assertThat(again.start()).isEqualTo(scenario.start());
            assertThat(again.role()).isEqualTo(scenario.role());
        }
    }

    /** Oracle: the values written in the file, converted by hand. */
    @Test void valuesArriveInTheirUnits() {
        Scenario scenario = Valid.experiment("full.yaml").scenarios().get(0);
        assertThat(scenario.load()).isEqualTo(new Load.Closed(1, new Distribution.Constant(1e9)));
        assertThat(scenario.functions().get(0).work().ops().get(0)).isEqualTo(new Op.Get(2_000_000, "get"));
        assertThat(scenario.functions().get(0).work().ops().get(3)).isEqualTo(new Op.Touch(128));
        assertThat(scenario.policies().sharing()).isEqualTo(new Policies.Sharing.Ksm(100, 20_000_000));
        assertThat(scenario.host().memoryBytes()).isEqualTo(16L << 30);
        assertThat(scenario.length().repeat()).isEqualTo(new Length.Repeat.UntilHalfWidth("response", 0.01, 0.9, 3, 50));
        assertThat(scenario.stack().paths().get("get").mtuBytes()).isEqualTo(9000);
        assertThat(scenario.stack().paths().get("post").mtuBytes()).isEqualTo(1500);
        assertThat(scenario.tolerances()).containsEntry("start.cold", 0.05).containsEntry("get", 0.1);
    }

    /** Oracle: what the digest is documented to cover. */
    @Test void theDigestCoversContentAndNothingElse() {
        String digest = first().digest();
        assertThat(first("seed=9").digest()).isEqualTo(digest);
        assertThat(first("length.replications=30").digest()).isEqualTo(digest);
        assertThat(first("question=Another?").digest()).isEqualTo(digest);
        assertThat(first("load.closed.clients=2").digest()).isNotEqualTo(digest);
        assertThat(first("host.cores=2").digest()).isNotEqualTo(digest);
        assertThat(first("policy.keep-alive=none").digest()).isNotEqualTo(digest);
        assertThat(first("paths.get.mtu=9000B").digest()).isNotEqualTo(digest);
        assertThat(first("policy.keep-alive={ttl: 10min, renew: true}").digest()).isEqualTo(digest);
    }

    /** Oracle: the file's content, edited in place under the same name. */
    @Test void aTraceIsIdentifiedByItsContent(@TempDir Path dir) throws Exception {
        Path one = Files.writeString(dir.resolve("one.csv"), "a");
        Path two = Files.writeString(dir.resolve("two.csv"), "a");
        String[] settings = {"load=trace", "trace.format=azure-2019", "trace.path=" + one};
        String digest = first(settings).digest();
        settings[2] = "trace.path=" + two;
        assertThat(first(settings).digest()).isEqualTo(digest);
        Files.writeString(two, "b");
        assertThat(first(settings).digest()).isNotEqualTo(digest);
    }

    /** Oracle: the rule that a single value put in the place of a list keeps the axis. */
    @Test void anAxisSetToOneValueIsStillAnAxis() {
        ExperimentFile.Experiment one = Valid.experiment("full.yaml", "stack=cube", "start=pool");
        assertThat(one.scenarios()).hasSize(14);
        assertThat(one.scenarios().get(0).axes()).containsEntry("stack", "cube").containsEntry("start", "pool");
        assertThat(one.scenarios().get(0).id()).doesNotContain("cube");
    }

    /** Oracle: the merge rule of {@code base}: top keys replaced, lifecycle, paths and switch costs entry by entry. */
    @Test void aStackBuiltOnAnotherReplacesWhatItGives() {
        var stacks = Valid.experiment("full.yaml").scenarios().stream().map(Scenario::stack).collect(
                Collectors.toMap(s -> s.name(), s -> s, (a, b) -> a));
        var box = stacks.get("box");
        var cube = stacks.get("cube");
        assertThat(cube.title()).isEqualTo("A cube");
        assertThat(cube.boundary()).isEqualTo(box.boundary());
        assertThat(cube.steps(sandglass.scenario.Phase.BOOT)).isEmpty();
        assertThat(cube.steps(sandglass.scenario.Phase.CREATE)).isEqualTo(box.steps(sandglass.scenario.Phase.CREATE));
        assertThat(cube.paths().get("post").hops()).hasSize(1);
        assertThat(cube.paths().get("get")).isEqualTo(box.paths().get("get"));
        assertThat(cube.switchCosts()).containsEntry(sandglass.scenario.ModeSwitch.PIO_EXIT, "cube.pio")
                .containsEntry(sandglass.scenario.ModeSwitch.SYSCALL, "box.syscall");
    }

    /** Oracle: the suite file. */
    @Test void aSuiteHoldsItsMembersInOrder() {
        var suite = (ExperimentFile.Suite) Valid.reader().read(Valid.file("suite.yaml"));
        assertThat(suite.members()).extracting(ExperimentFile.Experiment::name).containsExactly("small", "full");
        assertThat(suite.claims()).containsExactly("C1", "C2");
    }

    /** Oracle: two candidates that differ in spelling only are one scenario, which a product may hold once. */
    @Test void twoSpellingsOfOneScenarioAreRefused() {
        assertThatThrownBy(() -> Valid.experiment("small.yaml", "host.memory=[1GiB, 1024MiB]"))
                .isInstanceOf(BadInputException.class).hasMessageContaining("the same scenario");
    }
}
