package sandglass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sandglass.calibration.MissingCostException;
import sandglass.calibration.WellKnown;
import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.scenario.Batching;
import sandglass.scenario.Hop;
import sandglass.scenario.IoPath;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Server;
import sandglass.scenario.Step;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** What a call costs by what went before it: idle time, the sandbox's making, its first transfer. */
class WarmthTest {

    private static final long COOLING_NS = 1_000_000;

    private static Bench cooling() {
        return new Bench().ns("work", 500).ns("cold", 10_000).ns(WellKnown.COOLING_TIME, COOLING_NS)
                .step(Phase.RUN, Server.CPU, "work").step(Phase.RUN, Server.CPU, "cold", 1, Step.Per.COOLED, Map.of())
                .step(Phase.RECYCLE, Server.CPU, "cold", 1, Step.Per.COOLED, Map.of());
    }

    private static void serveAt(Bench bench, Sandbox sandbox, long timeNs) {
        bench.timeline.timer(() -> bench.runtime.run(sandbox, bench.invocation(0.5))).at(timeNs);
        bench.timeline.run();
    }

    @Test void whatCoolsFallsExponentiallyWithTheIdleTime() {
        // Oracle: arithmetic by hand. Never before: 10,500. One cooling time: 500 + 10,000 x (1 - 1/e) = 6821. Three: 500 + 10,000 x (1 - e^-3) =
        // 10,002.
        Bench bench = cooling();
        Sandbox sandbox = bench.build().ready();
        serveAt(bench, sandbox, bench.timeline.nowNs());
        serveAt(bench, sandbox, bench.timeline.nowNs() + COOLING_NS);
        serveAt(bench, sandbox, bench.timeline.nowNs() + 3 * COOLING_NS);
        assertThat(bench.durations("RUN")).containsExactly(10_500L, 6821L, 10_002L);
    }

    @Test void aKeptSandboxThatIsToldToRunAgainHasCooledToo() {
        // Oracle: arithmetic as above. Nothing is assigned anew the second time; the hand-over still comes a cooling time after the one before it.
        Bench bench = new Bench().ns("told", 500).ns("cold", 10_000).ns("once", 77).ns(WellKnown.COOLING_TIME, COOLING_NS)
                .step(Phase.READY, Server.CPU, "once").step(Phase.READY, Server.CPU, "told", 1, Step.Per.INVOCATION, Map.of())
                .step(Phase.READY, Server.CPU, "cold", 1, Step.Per.COOLED, Map.of());
        Sandbox sandbox = bench.build().ready();
        long toldNs = bench.timeline.nowNs();
        serveAt(bench, sandbox, toldNs);
        serveAt(bench, sandbox, toldNs + COOLING_NS);
        assertThat(bench.durations("READY")).containsExactly(577L, 6821L);
    }

    @Test void whoIsToldAsAnotherVerbEndsMeetsAFollowUp() {
        // Oracle: the steps' definitions, and arithmetic as above. As the sandbox gets ready: 4300. A cooling time later, of itself: 500 + 10,000
        // x (1 - 1/e) = 6821. As that ends, 6821 ns after it was told: 4300.
        Bench bench = new Bench().ns("told", 500).ns("cold", 10_000).ns("follows", 300).ns("follows-cold", 4_000)
                .ns(WellKnown.COOLING_TIME, COOLING_NS)
                .step(Phase.READY, Server.CPU, "told", 1, Step.Per.ARRIVAL, Map.of())
                .step(Phase.READY, Server.CPU, "cold", 1, Step.Per.COOLED_ARRIVAL, Map.of())
                .step(Phase.READY, Server.CPU, "follows", 1, Step.Per.FOLLOW_UP, Map.of())
                .step(Phase.READY, Server.CPU, "follows-cold", 1, Step.Per.FOLLOW_UP, Map.of());
        Sandbox sandbox = bench.build().ready();
        long toldNs = bench.timeline.nowNs();
        serveAt(bench, sandbox, toldNs);
        serveAt(bench, sandbox, toldNs + COOLING_NS);
        serveAt(bench, sandbox, bench.timeline.nowNs());
        assertThat(bench.durations("READY")).containsExactly(4300L, 6821L, 4300L);
    }

    @Test void eachKindOfPhaseCoolsByItself() {
        // Oracle: the step's definition, and arithmetic as above. Nothing was recycled before: 10,000. The second call comes a cooling time after
        // the first one's end, though a recycling has just ended: 6821.
        Bench bench = cooling();
        Sandbox sandbox = bench.build().ready();
        serveAt(bench, sandbox, bench.timeline.nowNs());
        long endNs = bench.timeline.nowNs();
        bench.runtime.recycle(sandbox);
        bench.timeline.run();
        assertThat(bench.took("RECYCLE")).isEqualTo(10_000);
        serveAt(bench, sandbox, endNs + COOLING_NS);
        assertThat(bench.durations("RUN")).containsExactly(10_500L, 6821L);
    }

    @Test void recyclingCoolsAtAPaceOfItsOwn() {
        // Oracle: the parameter's definition, and arithmetic as above. Right after the first call, which has just copied what it copies: nothing. A
        // cooling time of calls after that, which is half of its own: 10,000 x (1 - e^-0.5) = 3935, and 3 pages at 100 x (1 - e^-0.5) each, 118.
        Bench bench = cooling().ns(WellKnown.RECYCLE_COOLING_TIME, 2 * COOLING_NS).constant("page", Unit.NANOSECONDS_PER_PAGE, 100)
                .constant("dirtied", Unit.PAGES, 3).step(Phase.RECYCLE, Server.CPU, "page", 1, Step.Per.COOLED_COPIED_PAGE, Map.of())
                .step(Phase.RECYCLE, Server.CPU, "", 1, Step.Per.COPIED_PAGE, Map.of());
        bench.dirtied = "dirtied";
        Sandbox sandbox = bench.build().ready();
        serveAt(bench, sandbox, bench.timeline.nowNs());
        recycle(bench, sandbox, bench.timeline.nowNs());
        recycle(bench, sandbox, bench.timeline.nowNs() + COOLING_NS);
        assertThat(bench.durations("RECYCLE")).containsExactly(0L, 3935L + 118);
    }

    private static void recycle(Bench bench, Sandbox sandbox, long timeNs) {
        bench.timeline.timer(() -> bench.runtime.recycle(sandbox)).at(timeNs);
        bench.timeline.run();
    }

    @Test void whoWasWarmedHasJustServedAndBeenRecycled() {
        // Oracle: the steps' definitions. Making a sandbox is a call of 500 and a recycling of 50 that finds its pages in the caches. Its next call
        // finds its memory there: 500; after the making of another: 1500.
        Bench bench = new Bench().ns("run", 500).ns("displaced", 1000).ns("scan", 50).ns("cold", 10_000).ns(WellKnown.COOLING_TIME, COOLING_NS)
                .step(Phase.RUN, Server.CPU, "run").step(Phase.RUN, Server.CPU, "displaced", 1, Step.Per.DISPLACED, Map.of())
                .step(Phase.RECYCLE, Server.CPU, "scan").step(Phase.RECYCLE, Server.CPU, "cold", 1, Step.Per.COOLED, Map.of())
                .step(Phase.RECYCLE, Server.CPU, "", 1, Step.Per.COPIED_PAGE, Map.of());
        bench.warmed = true;
        Sandbox one = bench.build().ready();
        serveAt(bench, one, bench.timeline.nowNs());
        bench.ready();
        serveAt(bench, one, bench.timeline.nowNs());
        assertThat(bench.durations("INIT")).containsExactly(550L, 550L);
        assertThat(bench.durations("RUN")).containsExactly(500L, 1500L);
    }

    @Test void recyclingAfterAFirstCallIsWarm() {
        // Oracle: the step's definition, and arithmetic as above. Of a call that computes for a cooling time after it has met its pages, recycling
        // costs 10,000 x (1 - 1/e) = 6321; after a second call like that, which copies nothing, as much as since the recycling before it.
        Bench bench = cooling().step(Phase.RECYCLE, Server.CPU, "", 1, Step.Per.COPIED_PAGE, Map.of());
        bench.ops.add(new Op.Compute(new Distribution.Constant(COOLING_NS)));
        Sandbox sandbox = bench.build().ready();
        serveAt(bench, sandbox, bench.timeline.nowNs());
        recycle(bench, sandbox, bench.timeline.nowNs());
        long endNs = bench.timeline.nowNs();
        serveAt(bench, sandbox, endNs);
        recycle(bench, sandbox, endNs + 3 * COOLING_NS);
        assertThat(bench.durations("RECYCLE")).containsExactly(6321L, 9502L);
    }

    @Test void aCallOfAnySandboxKeepsTheOthersWarm() {
        // Oracle: the step's definition. The second sandbox's first call comes right after one of the first.
        Bench bench = cooling();
        bench.build();
        Sandbox one = bench.ready();
        Sandbox other = bench.ready();
        serveAt(bench, one, bench.timeline.nowNs());
        serveAt(bench, other, bench.timeline.nowNs());
        assertThat(bench.durations("RUN")).containsExactly(10_500L, 500L);
    }

    @Test void whatTimeHasNotTakenOfASandboxsMemoryAnotherSandboxTakes() {
        // Oracle: the step's definition, and arithmetic by hand. Right after another's call: 500 + 1000; right after its own: 500; a cooling time
        // after another's: 1/e of the 1000 is left to take. A first call has nothing that could be
        // taken, and the making of a third takes as much as a call of one.
        Bench bench = new Bench().ns("run", 500).ns("displaced", 1000).ns(WellKnown.COOLING_TIME, COOLING_NS)
                .step(Phase.RUN, Server.CPU, "run").step(Phase.RUN, Server.CPU, "displaced", 1, Step.Per.DISPLACED, Map.of()).build();
        Sandbox one = bench.ready();
        Sandbox other = bench.ready();
        serveAt(bench, other, bench.timeline.nowNs());
        serveAt(bench, one, bench.timeline.nowNs());
        bench.seen.clear();
        for (Sandbox next : List.of(other, other, one)) {
            serveAt(bench, next, bench.timeline.nowNs());
        }
        serveAt(bench, other, bench.timeline.nowNs() + COOLING_NS);
        bench.ready();
        serveAt(bench, other, bench.timeline.nowNs());
        assertThat(bench.durations("RUN")).containsExactly(1500L, 500L, 1500L, 868L, 1500L);
    }

    @Test void howFastAHostCoolsMustBeKnown() {
        // Oracle: the contract of a missing cost.
        Bench bench = cooling();
        bench.parameters.remove(WellKnown.COOLING_TIME);
        assertThatThrownBy(bench::build).isInstanceOf(MissingCostException.class).hasMessageContaining(WellKnown.COOLING_TIME);
    }

    @Test void aFirstTransferIsPaidOnceAndDocumentsAreTakenAwayEachTime() {
        // Oracle: arithmetic by hand. Two gets of 100 ns, the first of the sandbox 40 more; recycling 11 + 2 x 5.
        Bench bench = new Bench().ns("get", 100).ns("first", 40).ns("scan", 11).ns("document", 5)
                .step(Phase.RUN, Server.CPU, "first", 1, Step.Per.FIRST_TRANSFER, Map.of())
                .step(Phase.RECYCLE, Server.CPU, "scan").step(Phase.RECYCLE, Server.CPU, "document", 1, Step.Per.DOCUMENT, Map.of());
        bench.paths.put("get", new IoPath("get", 1500, 4096, new Batching.None(), IoPath.Overlap.SERIAL,
                List.of(new Hop("call", Hop.Per.CALL, "get", 0, "", Map.of(), Server.CPU, ""))));
        bench.ops.addAll(List.of(new Op.Get(10, "get"), new Op.Get(10, "get")));
        Sandbox sandbox = bench.build().ready();
        for (int i = 0; i < 2; i++) {
            bench.serve(sandbox);
            bench.runtime.recycle(sandbox);
            bench.timeline.run();
        }
        assertThat(bench.durations("RUN")).containsExactly(240L, 200L);
        assertThat(bench.durations("RECYCLE")).containsExactly(21L, 21L);
    }
}
