package sandglass.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.platform.SandboxListener;
import sandglass.platform.Sandboxes;
import sandglass.run.SsjStreams;
import sandglass.scenario.Batching;
import sandglass.scenario.Hop;
import sandglass.scenario.Host;
import sandglass.scenario.IoPath;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies.Sharing.ByConstruction;
import sandglass.scenario.Region;
import sandglass.scenario.Server;
import sandglass.scenario.Step;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

class WalkAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Serves one invocation after the other and recycles in between. */
    private static final class Loop implements SandboxListener {

        private final Invocation invocation = new Invocation();
        private ModelRuntime runtime;
        private long served;

        @Override public void phaseEnded(Sandbox sandbox, Phase phase, long ns) {
            // only the end of a verb matters here
        }

        @Override public void started(Sandbox sandbox) {
            runtime.run(sandbox, invocation);
        }

        @Override public void running(Sandbox sandbox, Invocation served) {
            // only the end of a verb matters here
        }

        @Override public void completed(Sandbox sandbox, Invocation done) {
            served++;
            runtime.recycle(sandbox);
        }

        @Override public void recycled(Sandbox sandbox) {
            runtime.run(sandbox, invocation);
        }

        @Override public void evicted(Sandbox sandbox) {
            throw new AssertionError("nothing is evicted");
        }

        @Override public void refused(Sandbox sandbox) {
            throw new AssertionError("everything fits");
        }

        @Override public void failed(Sandbox sandbox, String reason) {
            throw new AssertionError(reason);
        }
    }

    @Test void servingAllocatesNothingInASteadyState() {
        // Oracle: the virtual machine's count of bytes. READY, waits, computation, writes, a pipeline over link and disk, recycling.
        Bench bench = new Bench().ns("step", 50).ns("wire", 10).constant("copy", Unit.NANOSECONDS_PER_BYTE, 0.1)
                .parameter("exit", Unit.NANOSECONDS, new Distribution.Exponential(100));
        bench.host = new Host(2, Long.MAX_VALUE);
        bench.sharing = new ByConstruction();
        bench.region("heap", Region.Sharing.COPY_ON_WRITE, 0, false, 1 << 20);
        bench.switchCosts.put(ModeSwitch.PIO_EXIT, "exit");
        bench.step(Phase.READY, Server.CPU, "step").step(Phase.RECYCLE, Server.CPU, "step", 1, Step.Per.DIRTY_PAGE, Map.of());
        bench.step(Phase.RUN, Server.CPU, "step", 1, Step.Per.DIRTY_PAGE, Map.of(ModeSwitch.PIO_EXIT, 1));
        bench.paths.put("get", new IoPath("get", 1500, 4096, new Batching.ByCount(4), IoPath.Overlap.PIPELINED, List.of(
                new Hop("wire", Hop.Per.PACKET, "wire", 0, "", Map.of(), Server.LINK, ""),
                new Hop("kick", Hop.Per.BATCH, "", 1, "copy", Map.of(ModeSwitch.PIO_EXIT, 1), Server.CPU, ""),
                new Hop("store", Hop.Per.BLOCK, "wire", 0, "", Map.of(), Server.DISK, ""))));
        bench.ops.addAll(List.of(new Op.Wait(new Distribution.Exponential(2000)), new Op.Compute(new Distribution.Exponential(1000)),
                new Op.Touch(20), new Op.Get(100_000, "get"), new Op.Switch(ModeSwitch.PIO_EXIT, 3)));
        Loop loop = new Loop();
        loop.invocation.serviceNs = -1;
        loop.invocation.draw = 0.4;
        loop.runtime = new ModelRuntime(bench.scenario(), List.of(bench.function()), bench.calibration(), bench.timeline,
                new SsjStreams(1, 0), loop, (op, ns) -> { });
        for (int i = 0; i < 5; i++) {
            loop.runtime.start(Sandboxes.sandbox(i, bench.function()));
        }
        bench.timeline.runUntil(200_000_000);
        long before = loop.served;
        long bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        bench.timeline.runUntil(600_000_000);
        bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - bytes;
        assertThat(loop.served - before).isGreaterThan(20_000);
        assertThat(bytes).isLessThan(loop.served - before);
    }
}
