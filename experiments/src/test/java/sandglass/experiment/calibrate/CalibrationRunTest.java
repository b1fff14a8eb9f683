package sandglass.experiment.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.CalibrationReader;
import sandglass.kvm.atom.Atom;
import sandglass.kvm.atom.Quantity;
import sandglass.kvm.atom.Reading;
import sandglass.kvm.measure.Clocks;
import sandglass.result.Clock;
import sandglass.result.Guard;
import sandglass.run.UnsupportedHereException;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** Oracle: atoms whose values are known because they are written here, and the reader on what the writer wrote. */
class CalibrationRunTest {

    @TempDir private Path directory;

    private final List<String> measured = new ArrayList<>();
    private final Calibration published = new Calibration("published", "", Map.of(
            "a", new Parameter("a", Unit.NANOSECONDS, new Distribution.Constant(1), new Provenance.Assumed("nobody knows")),
            "b", new Parameter("b", Unit.BYTES, new Distribution.Constant(2), new Provenance.Assumed("nobody knows")),
            "c", new Parameter("c", Unit.NANOSECONDS, new Distribution.Constant(3), new Provenance.Assumed("nobody knows"))));

    private Atom atom(String name, String parameter, Unit unit, Atom.Measurement measurement) {
        return new Atom(name, Set.of(Atom.HOST), List.of(new Quantity(parameter, unit, "what it is")), "how it is done", Clock.WALL,
                new Atom.Seconds(1, 1), bench -> {
                    measured.add(name);
                    return measurement.run(bench);
                });
    }

    private Atom constant(String name, String parameter, Unit unit, double value) {
        return atom(name, parameter, unit, bench -> List.of(new Reading.Measured(parameter, new double[] {value, value}, 2,
                List.of(new Guard("count", 2, 2, true)))));
    }

    private Atom refused(String name, String parameter) {
        return atom(name, parameter, Unit.NANOSECONDS, bench -> {
            throw new UnsupportedHereException("no such device", "plug it in");
        });
    }

    private Calibrated run(List<Atom> atoms, Set<String> only) throws InterruptedException {
        List<Atom> selected = atoms.stream().filter(atom -> only.isEmpty() || only.contains(atom.name())).toList();
        return new CalibrationRun(directory.resolve("host.json"), atoms, selected, only, false, true, Clocks.monotonicNs(), text -> { })
                .run(published);
    }

    @Test
    void whatIsMeasuredReplacesWhatIsPublishedAndTheRestIsCarriedOverWithItsOrigin() throws InterruptedException {
        Calibrated done = run(List.of(constant("one", "a", Unit.NANOSECONDS, 50), refused("two", "c")), Set.of());
        Path file = directory.resolve("host.json");
        Calibration read = CalibrationReader.read(file, "host.json");
        assertThat(read.parameters()).isEqualTo(done.calibration().parameters());
        assertThat(read.digest()).isEqualTo(done.calibration().digest());
        assertThat(read.host()).containsKeys("cpu", "kernel", "kvm", "memory", "cores");
        assertThat(read.parameters().get("a").distribution()).isEqualTo(new Distribution.Constant(50));
        assertThat(read.parameters().get("a").provenance()).isInstanceOfSatisfying(Provenance.Measured.class, p -> {
            assertThat(p.n()).isEqualTo(2);
            assertThat(p.clock()).isEqualTo("wall");
            assertThat(p.method()).contains("what it is", "how it is done", "count 2 (limit 2)", "constant");
        });
        assertThat(done.carried()).containsExactly("b", "c");
        assertThat(read.parameters().get("c").provenance().origin()).isEqualTo("assumed");
        assertThat(done.unsupported()).containsExactly(new Reading.Unsupported("c", "no such device", "plug it in"));
        assertThat(directory).isDirectoryNotContaining(path -> path.toString().endsWith(".part") || path.toString().endsWith(".scratch"));
    }

    @Test
    void anInterruptedRunGoesOnWithTheAtomThatWasInProgress() throws Exception {
        Atom dies = atom("two", "b", Unit.BYTES, bench -> {
            throw new InterruptedException("killed");
        });
        assertThatThrownBy(() -> run(List.of(constant("one", "a", Unit.NANOSECONDS, 50), dies), Set.of())).isInstanceOf(InterruptedException.class);
        assertThat(directory.resolve("host.json")).doesNotExist();
        Files.writeString(directory.resolve("host.json.atoms.jsonl"), "{\"atom\":\"two\",\"read", StandardOpenOption.APPEND);
        measured.clear();
        Calibrated done = run(List.of(constant("one", "a", Unit.NANOSECONDS, 60), constant("two", "b", Unit.BYTES, 7)), Set.of());
        assertThat(measured).containsExactly("two");
        assertThat(done.calibration().parameters().get("a").distribution()).isEqualTo(new Distribution.Constant(50));
        assertThat(done.calibration().parameters().get("b").distribution()).isEqualTo(new Distribution.Constant(7));
    }

    @Test
    void oneAtomCanBeMeasuredAgainAndACompleteRunBeginsAnew() throws InterruptedException {
        run(List.of(constant("one", "a", Unit.NANOSECONDS, 50), constant("two", "b", Unit.BYTES, 7)), Set.of());
        measured.clear();
        List<Atom> changed = List.of(constant("one", "a", Unit.NANOSECONDS, 60), constant("two", "b", Unit.BYTES, 8));
        Calibrated again = run(changed, Set.of("one"));
        assertThat(measured).containsExactly("one");
        assertThat(again.calibration().parameters().get("a").distribution()).isEqualTo(new Distribution.Constant(60));
        assertThat(again.calibration().parameters().get("b").distribution()).isEqualTo(new Distribution.Constant(7));
        measured.clear();
        run(changed, Set.of());
        assertThat(measured).containsExactly("one", "two");
    }

    @Test
    void timesAreMeasuredInPassesThatGoOnWhereTheyWereAndSizesOnce() throws Exception {
        int[] pass = new int[1];
        Atom drifts = atom("drifts", "a", Unit.NANOSECONDS, bench -> {
            if (pass[0] == 1 && measured.size() == 4) {
                throw new InterruptedException("killed");
            }
            pass[0]++;
            return List.of(new Reading.Measured("a", new double[] {10 * pass[0]}, bench.rounds(30), List.of()));
        });
        Atom spreads = atom("spreads", "c", Unit.NANOSECONDS,
                bench -> List.of(new Reading.Measured("c", new double[] {pass[0], pass[0]}, 2, List.of())));
        Atom size = new Atom("size", Set.of("usetl"), List.of(new Quantity("b", Unit.BYTES, "what it is")), "how", Clock.NONE,
                new Atom.Seconds(1, 1), bench -> {
                    measured.add("size");
                    return List.of(new Reading.Measured("b", new double[] {7}, 1, List.of()));
                });
        List<Atom> atoms = List.of(drifts, size, spreads);

        assertThatThrownBy(() -> runInFull(atoms)).isInstanceOf(InterruptedException.class);
        assertThat(measured).containsExactly("drifts", "size", "spreads", "drifts");
        measured.clear();
        Calibrated done = runInFull(atoms);

        assertThat(measured).containsExactly("drifts", "spreads", "drifts", "spreads");
        Parameter mean = done.calibration().parameters().get("a");
        assertThat(mean.distribution()).as("10, 20 and 30 ns").isEqualTo(new Distribution.Constant(20));
        assertThat(((Provenance.Measured) mean.provenance()).n()).as("three times a third of 30").isEqualTo(30);
        assertThat(((Provenance.Measured) done.calibration().parameters().get("c").provenance()).n()).isEqualTo(6);
        assertThat(done.calibration().parameters().get("c").distribution().mean()).isCloseTo(2, within(0.01));
    }

    @Test
    void morePassesCountBesideThoseThatAreThereAndGoOnWhereTheyWere() throws Exception {
        int[] pass = new int[1];
        boolean[] dies = new boolean[1];
        Atom drifts = atom("drifts", "a", Unit.NANOSECONDS, bench -> {
            if (dies[0] && pass[0] == 4) {
                throw new InterruptedException("killed");
            }
            pass[0]++;
            return List.of(new Reading.Measured("a", new double[] {10 * pass[0]}, bench.rounds(30), List.of()));
        });
        List<Atom> atoms = List.of(drifts);
        assertThatThrownBy(() -> more(atoms)).isInstanceOf(BadInputException.class).hasMessageContaining("host.json.atoms.jsonl has no raw values");
        assertThat(directory).isEmptyDirectory();
        runInFull(atoms);

        dies[0] = true;
        assertThatThrownBy(() -> more(atoms)).isInstanceOf(InterruptedException.class);
        dies[0] = false;
        Parameter mean = more(atoms).calibration().parameters().get("a");

        assertThat(mean.distribution()).as("10 to 60 ns").isEqualTo(new Distribution.Constant(35));
        assertThat(((Provenance.Measured) mean.provenance()).n()).isEqualTo(60);
    }

    private Calibrated more(List<Atom> atoms) throws InterruptedException {
        return new CalibrationRun(directory.resolve("host.json"), atoms, atoms, Set.of(), true, false, Clocks.monotonicNs(), text -> { })
                .run(published);
    }

    private Calibrated runInFull(List<Atom> atoms) throws InterruptedException {
        return new CalibrationRun(directory.resolve("host.json"), atoms, atoms, Set.of(), false, false, Clocks.monotonicNs(), text -> { })
                .run(published);
    }

    @Test
    void oneAtomMeasuredAgainWithoutTheRawValuesLeavesTheOthersAlone() throws Exception {
        run(List.of(constant("one", "a", Unit.NANOSECONDS, 50), constant("two", "b", Unit.BYTES, 7)), Set.of());
        Files.delete(directory.resolve("host.json.atoms.jsonl"));
        Calibrated again = run(List.of(constant("one", "a", Unit.NANOSECONDS, 60), constant("two", "b", Unit.BYTES, 8)), Set.of("one"));

        assertThat(again.calibration().parameters().get("a").distribution()).isEqualTo(new Distribution.Constant(60));
        assertThat(again.calibration().parameters().get("b").distribution()).isEqualTo(new Distribution.Constant(7));
        assertThat(again.carried()).containsExactly("c");
        assertThat(CalibrationReader.read(directory.resolve("host.json"), "host.json").host()).containsKey("cpu");
    }

    @Test
    void aSideFileThatIsSomethingElseIsBadInput() throws IOException {
        Files.writeString(directory.resolve("host.json.atoms.jsonl"), "my shopping list\n");
        assertThatThrownBy(() -> run(List.of(constant("one", "a", Unit.NANOSECONDS, 50)), Set.of())).isInstanceOf(BadInputException.class)
                .hasMessageContaining("host.json.atoms.jsonl:1");
        assertThat(directory.resolve("host.json.atoms.jsonl")).hasContent("my shopping list");
    }

    @Test
    void anotherHostIsToldFromThisOneByWhatDecides() {
        Map<String, String> here = new TreeMap<>(Map.of("cpu", "A", "cores", "2", "memory", "24105 MiB", "kernel", "6.1", "kvm", "pvm",
                "python", "3"));
        Calibration own = new Calibration("own", "", Map.of(), here);
        assertThat(ForeignHost.difference(own, here)).isEmpty();
        here.put("python", "3.12");
        here.put("memory", "24100 MiB");
        assertThat(ForeignHost.difference(own, here)).isEmpty();
        here.put("memory", "12000 MiB");
        here.put("kvm", "vmx");
        assertThat(ForeignHost.difference(own, here)).isEqualTo(Optional.of("memory 24105 MiB, here 12000 MiB; kvm pvm, here vmx"));
        assertThat(ForeignHost.difference(published, here)).isEmpty();
    }
}
