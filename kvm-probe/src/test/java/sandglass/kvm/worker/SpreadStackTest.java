package sandglass.kvm.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.Imports;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.usf.UsfConfig;
import sandglass.scenario.Phase;

/** Oracle: what Python's documentation says the functions return; the kernel's list of processes. */
@RequiresKvm
class SpreadStackTest {

    private static final String COUNT = "import sys\ndef handler(event, etl):\n    sys.n = getattr(sys, 'n', 0) + event\n    return sys.n\n";
    private static final Path MODULES = Path.of("src/test/resources/modules").toAbsolutePath();

    private static SpreadStack stack(int perWorker) {
        return new SpreadStack(WorkerPoolConfig.defaults().withUsf(UsfConfig.defaults().withRamBytes(32L << 20)).withUsfsPerWorker(perWorker)
                .withRunsPerWorker(8));
    }

    @Test
    void sandboxesInSeveralProcessesAreDrivenAsIfTheyWereHere() {
        List<Long> pids;
        try (SpreadStack stack = stack(2)) {
            List<LiveSandbox> sandboxes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sandboxes.add(stack.create());
            }
            pids = stack.pids();
            assertThat(pids).hasSize(2).allMatch(pid -> ProcessHandle.of(pid).isPresent());
            assertThat(sandboxes).allMatch(sandbox -> sandbox.startNs().get(Phase.CREATE) > 0);
            for (LiveSandbox sandbox : sandboxes) {
                assertThat(sandbox.warm().result()).isNotNull();
                Call call = sandbox.call(COUNT, "7");
                assertThat(call.result()).as(call.error()).isEqualTo("7");
                assertThat(call.exits().values().stream().mapToInt(Integer::intValue).sum()).isGreaterThanOrEqualTo(2);
                assertThat(call.systemCalls()).containsEntry("write", 1);
                assertThat(call.kernel().exits()).isPositive();
                assertThat(call.runNs()).isPositive();
                assertThat(sandbox.footprint().ussBytes()).isPositive();
                assertThat(sandbox.recycle().dirtyPages()).isPositive();
                assertThat(sandbox.call(COUNT, "5").result()).as("recycled").isEqualTo("5");
                sandbox.recycle();
            }
            LiveSandbox first = sandboxes.get(0);
            assertThat(first.call("def handler(event, etl):\n    print('x')\n    return 1 / 0\n", "1")).satisfies(call -> {
                assertThat(call.error()).contains("ZeroDivisionError");
                assertThat(call.log()).isEqualTo("x\n");
            });
            first.recycle();
            assertThat(first.call("def handler(event, etl):\n    import single\n    return single.__name__\n", "1",
                    new Imports(MODULES, List.of("single"))).result()).isEqualTo("\"single\"");
            first.close();
            assertThat(stack.create().call(COUNT, "1").result()).as("in the place of the closed one").isEqualTo("1");
            assertThat(stack.pids()).isEqualTo(pids);
        }
        assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    }

    @Test
    void aWorkerThatEndsTakesItsSandboxesOnly() {
        try (SpreadStack stack = stack(1)) {
            LiveSandbox lost = stack.create();
            LiveSandbox kept = stack.create();
            ProcessHandle.of(stack.pids().get(0)).orElseThrow().destroyForcibly();
            assertThatThrownBy(() -> lost.call(COUNT, "1")).isInstanceOf(WorkerLostException.class);
            lost.close();
            assertThat(kept.call(COUNT, "2").result()).isEqualTo("2");
            try (LiveSandbox another = stack.create()) {
                assertThat(another.call(COUNT, "3").result()).isEqualTo("3");
            }
        }
    }
}
