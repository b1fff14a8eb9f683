package sandglass.kvm.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.usf.Residue;
import sandglass.kvm.usf.Usf;
import sandglass.kvm.usf.UsfConfig;
import sandglass.kvm.usf.UsfFactory;
import sandglass.kvm.usf.UsfPool;

/** Oracle: a soak of right programs finds nothing; mistakes made on purpose are found, where they were made. */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SoakTest {

    private static final String DOUBLE = "def handler(event, etl):\n    return event * 2\n";
    private static final List<String> SECRETS = List.of(SoakMix.SECRET, HostileProgram.SECRET);

    private UsfFactory factory;
    private UsfPool pool;

    @BeforeAll
    void open() {
        factory = new UsfFactory(UsfConfig.defaults(), System::nanoTime);
        pool = new UsfPool(factory, System::nanoTime);
    }

    @AfterAll
    void close() {
        pool.close();
        factory.close();
    }

    private SoakReport run(SoakConfig config, List<SoakProgram> programs) {
        return new Soak(config, pool, programs, SECRETS, System::nanoTime).run(count -> { });
    }

    @Test
    void theMixHolds() {
        AtomicLong most = new AtomicLong();
        SoakReport report = new Soak(SoakConfig.of(11, 400, 2).inspectingEvery(100), pool, SoakMix.programs(), SECRETS, System::nanoTime)
                .run(count -> most.accumulateAndGet(count, Math::max));
        assertThat(report.wrong()).isEmpty();
        assertThat(report.holds()).isTrue();
        assertThat(report.invocations()).isEqualTo(400).isEqualTo(most.get());
        assertThat(report.groups().values().stream().mapToLong(SoakReport.Tally::runs).sum()).isEqualTo(400);
        assertThat(report.inspections()).isEqualTo(4);
        assertThat(report.samples()).hasSize(50);
    }

    @Test
    void everyProgramOfTheMixEndsAsItShould() {
        long index = 0;
        for (SoakProgram program : SoakMix.programs()) {
            if (program.group() != SoakProgram.Group.HOSTILE) {
                SoakReport report = run(SoakConfig.of(1, 1, 1).from(index++).inspectingEvery(1), List.of(program));
                assertThat(report.wrong()).isEmpty();
            }
        }
        assertThat(index).isGreaterThan(10);
    }

    @Test
    void aSeedDecidesWhatRuns() {
        assertThat(drawn(3)).isEqualTo(drawn(3)).isNotEqualTo(drawn(4));
    }

    private List<String> drawn(long seed) {
        List<String> drawn = new ArrayList<>();
        SoakProgram.Maker maker = (index, random) -> {
            drawn.add(index + " " + random.nextInt());
            return SoakCall.returning("42", DOUBLE, "21", Duration.ofSeconds(10));
        };
        run(SoakConfig.of(seed, 5, 1), List.of(new SoakProgram("double", SoakProgram.Group.TRIVIAL, 1, maker)));
        return drawn;
    }

    @Test
    void aWrongAnswerIsFoundWithItsIndex() {
        SoakProgram.Maker maker = (index, random) -> SoakCall.returning(index == 1007 ? "43" : "42", DOUBLE, "21", Duration.ofSeconds(10));
        SoakReport report = run(SoakConfig.of(1, 20, 2).from(1000), List.of(new SoakProgram("double", SoakProgram.Group.TRIVIAL, 1, maker)));
        assertThat(report.wrong()).singleElement().satisfies(fault -> {
            assertThat(fault.index()).isEqualTo(1007);
            assertThat(fault.program()).isEqualTo("double");
            assertThat(fault.what()).contains("expected 43").contains("42");
        });
        assertThat(report.holds()).isFalse();
    }

    @Test
    void aMachineThatIsNotClosedIsFound() {
        List<Usf> leaked = new ArrayList<>();
        SoakProgram.Maker maker = (index, random) -> {
            if (index == 3) {
                leaked.add(factory.create());
            }
            return SoakCall.returning("42", DOUBLE, "21", Duration.ofSeconds(10));
        };
        SoakReport report = run(SoakConfig.of(1, 5, 1), List.of(new SoakProgram("leak", SoakProgram.Group.TRIVIAL, 1, maker)));
        leaked.forEach(Usf::close);
        assertThat(report.wrong()).isNotEmpty().first().satisfies(fault -> {
            assertThat(fault.index()).isEqualTo(3);
            assertThat(fault.what()).contains("machines");
        });
    }

    @Test
    void tooManyFaultsEndIt() {
        SoakProgram.Maker maker = (index, random) -> new SoakCall(DOUBLE, "1", Duration.ofSeconds(10), outcome -> Optional.of("never right"));
        SoakReport report = run(SoakConfig.of(1, 1000, 1), List.of(new SoakProgram("wrong", SoakProgram.Group.TRIVIAL, 1, maker)));
        assertThat(report.wrong()).hasSize(Soak.MOST_FAULTS);
        assertThat(report.invocations()).isLessThan(100);
    }

    @Test
    void residueIsFoundToTheByte() {
        try (Usf usf = factory.create()) {
            assertThat(usf.residue(SECRETS)).satisfies(residue -> assertThat(residue.isNone()).as(residue.toString()).isTrue());
            byte[] secret = HostileProgram.SECRET.getBytes(StandardCharsets.US_ASCII);
            int at = (20 << 20) - 5;
            usf.memory().bytes().put(at, secret);
            usf.memory().bytes().put(30 << 20, (byte) ~usf.memory().bytes().get(30 << 20));
            Residue residue = usf.residue(SECRETS);
            assertThat(residue.isNone()).isFalse();
            assertThat(residue.differingPages()).isEqualTo(3);
            assertThat(residue.firstDifference()).isEqualTo(at);
            assertThat(residue.secrets()).isEqualTo(1);
            assertThat(residue.processor()).isEmpty();
        }
    }
}
