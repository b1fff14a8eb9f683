package sandglass.kvm.atom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.stack.LiveConfig;

/** Oracle: what each atom declares, and counts that must come out whatever the speed of the host. */
class CatalogueTest {

    @TempDir private Path scratch;

    private Bench bench() {
        return new Bench(Clocks.monotonicNs(), LiveConfig.defaults(), scratch, true, "root".equals(System.getProperty("user.name")));
    }

    @Test
    void namesAndParametersAreThoseOfOneAtomEach() {
        List<Atom> all = Catalogue.all();
        assertThat(all.stream().map(Atom::name)).doesNotHaveDuplicates();
        assertThat(all.stream().flatMap(atom -> atom.quantities().stream()).map(Quantity::parameter)).doesNotHaveDuplicates();
        assertThat(all).allSatisfy(atom -> {
            assertThat(atom.name()).matches("[a-z0-9]+(-[a-z0-9]+)*");
            assertThat(atom.stacks()).isNotEmpty();
            assertThat(atom.quantities()).isNotEmpty().allSatisfy(q -> assertThat(q.parameter()).matches("[a-z0-9.-]+"));
            assertThat(atom.seconds().quick()).isPositive().isLessThanOrEqualTo(atom.seconds().full());
        });
    }

    @Test
    void everythingTogetherFitsIntoTheTimePromised() {
        assertThat(Catalogue.all().stream().mapToDouble(atom -> atom.seconds().full()).sum()).isLessThan(600);
        assertThat(Catalogue.all().stream().mapToDouble(atom -> atom.seconds().quick()).sum()).isLessThan(120);
    }

    @Test
    void selectsByStackAndByName() {
        assertThat(Catalogue.select(Set.of("process"), Set.of())).isNotEmpty()
                .allSatisfy(atom -> assertThat(atom.stacks()).containsAnyOf("process", Atom.HOST));
        assertThat(Catalogue.select(Set.of("process"), Set.of("context-switch"))).extracting(Atom::name).containsExactly("context-switch");
    }

    /** Oracle: KVM's own counters, which the guards hold to what was meant to happen. */
    @RequiresKvm
    @Test
    void aGuestsExitsAndFaultsAreCountedOrSaidToBeAnotherThing() throws InterruptedException {
        for (Atom atom : Catalogue.select(Set.of(), Set.of("guest-exits", "guest-faults", "machine-creation"))) {
            List<Reading> readings = atom.measure(bench());
            assertThat(readings).hasSize(atom.quantities().size()).anyMatch(reading -> reading instanceof Reading.Measured);
            assertThat(readings).allSatisfy(reading -> {
                if (reading instanceof Reading.Unsupported unsupported) {
                    assertThat(unsupported.parameter()).isIn("kvm.halt-exit", "kvm.hypercall", "kvm.ioeventfd", "kvm.kernel-exit");
                }
            });
        }
    }

    /** Oracle: counts that the host's kernel and the programs themselves report. */
    @Test
    void whatTheHostDoesIsCounted() throws InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(LiveConfig.defaults().interpreter()), "needs python3");
        for (Atom atom : Catalogue.select(Set.of(), Set.of("page-faults", "python-import", "loopback", "process-memory", "hand-over"))) {
            assertThat(atom.measure(bench())).hasSize(atom.quantities().size())
                    .allSatisfy(reading -> assertThat(reading).isInstanceOf(Reading.Measured.class));
        }
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void whatNeedsRootSaysSo() throws InterruptedException {
        Bench user = new Bench(Clocks.monotonicNs(), LiveConfig.defaults(), scratch, true, false);
        for (Atom atom : Catalogue.select(Set.of(), Set.of("tap", "samepage-merging"))) {
            assertThat(atom.measure(user)).isNotEmpty().allSatisfy(reading -> assertThat(reading)
                    .isInstanceOfSatisfying(Reading.Unsupported.class, u -> assertThat(u.reason() + u.remedy()).containsAnyOf("root", "CONFIG_KSM")));
        }
    }

    @Test
    void systemCallsAndSwitchesAreMeasuredAndCounted() throws InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(LiveConfig.defaults().interpreter()), "needs python3");
        for (Atom atom : Catalogue.select(Set.of(), Set.of("system-call", "context-switch"))) {
            for (Reading reading : atom.measure(bench())) {
                if (reading instanceof Reading.Measured measured) {
                    assertThat(measured.n()).isPositive();
                    assertThat(measured.guards()).isNotEmpty();
                } else {
                    assertThat(reading.parameter()).isEqualTo("linux.wake-up");
                    assertThat(Runtime.getRuntime().availableProcessors()).as(reading.toString()).isEqualTo(1);
                }
            }
        }
    }
}
