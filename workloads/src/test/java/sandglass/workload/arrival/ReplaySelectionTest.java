package sandglass.workload.arrival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.run.SsjStreams;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Function;
import sandglass.scenario.Load.Trace;
import sandglass.scenario.Load.Trace.Missing;
import sandglass.scenario.Op;
import sandglass.unit.Distribution;
import sandglass.workload.Scenarios;
import sandglass.workload.trace.Azure2019Fixture;
import sandglass.workload.trace.TraceException;
import sandglass.workload.trace.TracedFunction;

/** Four functions: f1 complete, f2 without duration, f3 without memory, f4 idle. Oracle: the fixture, by hand. */
class ReplaySelectionTest {

    private static final long MB = 1 << 20;

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        new Azure2019Fixture()
                .append(Azure2019Fixture.INVOCATIONS, "o1,a1,f4,http,0,0,0,0")
                .lines(Azure2019Fixture.DURATIONS, Azure2019Fixture.DURATION_HEADER,
                "o1,a1,f1,100,3,10,300,10,20,50,90,120,250,300",
                        "o2,a2,f3,2000,12,1,9000,1,1,500,1500,2500,8000,9000", "o1,a1,f4,300,0,1,1,1,1,1,1,1,1,1")
                .lines(Azure2019Fixture.MEMORY, "HashOwner,HashApp,SampleCount,AverageAllocatedMb", "o1,a1,10,90")
                .write(directory);
    }

    private Trace load(Missing duration, Missing memory, Trace.Service service, int from, int minutes) {
        return new Trace("azure-2019", directory.toString(), Trace.Arrivals.EQUIDISTANT, Trace.Durations.AVERAGE,
                duration, memory, service,
                from, minutes, 0, 1);
    }

    private static ArrivalProcess open(Trace load) {
        return new Arrivals().open(Scenarios.of(load, 0), new SsjStreams(1, 0));
    }

    private static List<String> names(ArrivalProcess arrivals) {
        return arrivals.functions().stream().map(Function::name).toList();
    }

    @Test
    void dropsWhatIsIncomplete() {
        Trace load = load(Missing.DROP, Missing.DROP, Trace.Service.WAIT, 0, Integer.MAX_VALUE);
        ArrivalProcess arrivals = open(load);
        assertThat(names(arrivals)).containsExactly("f1");
        assertThat(arrivals.functions()).containsExactly(new Function("f1", "o1/a1", "python",
                new sandglass.scenario.Work(List.of(new Op.Wait(new Distribution.Constant(100e6)))), Optional.empty(),
                30 * MB, 0, 0));
        assertThat(new Arrivals().coverage(Scenarios.of(load, 0)))
                .isEqualTo(new TraceCoverage(4, 20, 4, 1, 4, 1, 3, 2, 17, 0, 0,
                new Arrivals().coverage(Scenarios.of(load, 0)).quirks()));
    }

    @Test
    void givesTheMedianToWhatIsIncomplete() {
        ArrivalProcess arrivals = open(load(Missing.MEDIAN, Missing.MEDIAN, Trace.Service.COMPUTE, 0,
                Integer.MAX_VALUE));
        assertThat(names(arrivals)).containsExactly("f1", "f2", "f3");
        assertThat(arrivals.functions().get(1).work().ops())
                .containsExactly(new Op.Compute(new Distribution.Constant(300e6)));
        assertThat(arrivals.functions()).extracting(Function::memoryBytes).containsExactly(30 * MB, 30 * MB, 30 * MB);
        List<String> seen = new ArrayList<>();
        while (arrivals.advance()) {
            seen.add(arrivals.timeNs() / 1_000_000_000 + ":" + arrivals.function() + ":"
                    + arrivals.serviceNs() / 1_000_000);
        }
        assertThat(seen).containsExactly("0:0:100", "0:2:2000", "20:2:2000", "40:2:2000", "60:2:2000", "80:2:2000",
                "100:2:2000",
                "120:0:100", "120:2:2000", "140:2:2000", "150:0:100", "160:2:2000", "180:1:300", "180:2:2000",
                "192:1:300",
                "200:2:2000", "204:1:300", "216:1:300", "220:2:2000", "228:1:300");
    }

    @Test
    void countsTimeFromTheFirstReplayedMinute() {
        ArrivalProcess arrivals = open(load(Missing.MEDIAN, Missing.MEDIAN, Trace.Service.WAIT, 2, 1));
        assertThat(names(arrivals)).containsExactly("f1", "f3");
        assertThat(arrivals.advance()).isTrue();
        assertThat(arrivals.timeNs()).isZero();
        assertThat(arrivals.facts()).containsEntry("trace.replayed.invocations", "5")
                .containsEntry("trace.replayed.first-minute", "3")
                .containsEntry("trace.replayed.minutes", "1").containsEntry("trace.imputed.memories", "1");
    }

    @Test
    void refusesAWindowWithoutArrivals() {
        assertThatThrownBy(() -> open(load(Missing.DROP, Missing.DROP, Trace.Service.WAIT, 4, 1)))
                .isInstanceOf(TraceException.class).hasMessageContaining("found 4 minutes, expected more than trace.from-minute");
        assertThatThrownBy(() -> open(load(Missing.DROP, Missing.DROP, Trace.Service.WAIT, 1, 1)))
                .isInstanceOf(TraceException.class).hasMessageContaining("found nothing to replay in the minutes 1 to 1");
        Trace known = load(Missing.DROP, Missing.DROP, Trace.Service.WAIT, 0, 1);
        Trace unknown = new Trace("azure", known.path(), known.arrivals(), known.durations(), known.missingDuration(),
                known.missingMemory(), known.service(), 0, 1, 0, 1);
        assertThatThrownBy(() -> open(unknown)).isInstanceOf(TraceException.class)
                .hasMessageContaining("found trace.format 'azure', expected one of azure-2019, ");
    }

    /** A trace without durations runs the scenario's function, and needs one. */
    @Test
    void takesTheWorkOfTheScenariosFunction() throws IOException {
        Path file = Files.writeString(directory.resolve("pattern.csv"), "count\n2\n0\n1\n");
        Trace load = Scenarios.trace("per-minute", file.toString());
        assertThatThrownBy(() -> open(load)).isInstanceOf(TraceException.class).hasMessageContaining("expected a function");
        ArrivalProcess arrivals = new Arrivals().open(Scenarios.of(load, 1), new SsjStreams(1, 0));
        List<Long> seen = new ArrayList<>();
        while (arrivals.advance()) {
            assertThat(arrivals.serviceNs()).isEqualTo(-1);
            seen.add(arrivals.timeNs() / 1_000_000_000);
        }
        assertThat(seen).containsExactly(0L, 30L, 120L);
        assertThat(names(arrivals)).containsExactly("pattern");
    }

    /** Single events replay with their own durations, from the window's start, at the load's speed. */
    @Test
    void replaysSingleEvents() throws IOException {
        Path file = Files.writeString(directory.resolve("events.csv"),
                "app,func,end_timestamp,duration\na,f,200,10\na,g,61,1\na,f,30,5\na,f,130,4\n");
        Trace base = Scenarios.trace("azure-2021", file.toString());
        Trace load = new Trace(base.format(), base.path(), base.arrivals(), base.durations(), base.missingDuration(),
                base.missingMemory(), base.service(), 1, 2, 0, 2);
        ArrivalProcess arrivals = open(load);
        List<String> seen = new ArrayList<>();
        while (arrivals.advance()) {
            seen.add(arrivals.functions().get(arrivals.function()).name() + " " + arrivals.timeNs() / 1e9 + " "
                    + arrivals.serviceNs() / 1e9);
        }
        assertThat(seen).containsExactly("g 0.0 1.0", "f 33.0 4.0");
        assertThat(arrivals.facts()).containsEntry("trace.held.invocations", "4").containsEntry("trace.replayed.invocations", "2");
    }

    /** Names are cut to the shortest length at which they differ. */
    @Test
    void namesAreShortAndUnique() {
        List<TracedFunction> functions = List.of(function("abcdefgh0000"), function("abcdefgh1111"), function("x"),
                function("x"));
        assertThat(ShortNames.of(functions.subList(0, 3))).containsExactly("abcdefgh0000", "abcdefgh1111", "x");
        assertThat(ShortNames.of(functions)).containsExactly("abcdefgh0000", "abcdefgh1111", "x#2", "x#3");
        assertThat(ShortNames.of(functions.subList(0, 1))).containsExactly("abcdefgh");
    }

    private static TracedFunction function(String name) {
        return new TracedFunction("", "", name, "", Optional.empty(), java.util.OptionalLong.empty());
    }
}
