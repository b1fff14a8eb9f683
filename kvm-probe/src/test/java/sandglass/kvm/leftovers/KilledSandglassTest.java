package sandglass.kvm.leftovers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.RequiresQemu;
import sandglass.kvm.RequiresRoot;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.kvm.usf.UsfConfig;
import sandglass.kvm.worker.WorkerPool;
import sandglass.kvm.worker.WorkerPoolConfig;
import sandglass.run.UnsupportedHereException;

/** Oracle: the host's table of processes after this program was killed in the middle of its work. */
class KilledSandglassTest {

    private static final String NOT_HERE = "not here: ";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path state;

    private Process child;

    /** What is killed. Argument: workers, zygote or process. */
    static final class Victim {

        public static void main(String[] arguments) throws Exception {
            if (arguments[0].equals("workers")) {
                UsfConfig usf = UsfConfig.defaults().withRamBytes(32L << 20);
                WorkerPool pool = new WorkerPool(WorkerPoolConfig.defaults().withUsf(usf).withUsfsPerWorker(1));
                pool.grow(1, added -> { });
                pool.pids().forEach(System.out::println);
                System.out.println("busy");
                pool.invoke("def handler(event, etl):\n    while True:\n        pass\n", "0");
            } else if (arguments[0].equals("zygote")) {
                LiveStack stack = LiveStacks.open("zygote", LiveConfig.defaults(), Clocks.monotonicNs());
                stack.create();
                System.out.println(ProcessHandle.current().descendants().map(process -> Long.toString(process.pid()))
                        .collect(Collectors.joining("\n")));
                System.out.println("busy");
                stack.create().call("def handler(event, etl):\n    while True:\n        pass\n", "0");
            } else if (arguments[0].equals("vm")) {
                LiveStack stack;
                try {
                    stack = LiveStacks.open("vm", LiveConfig.defaults(), Clocks.monotonicNs());
                } catch (UnsupportedHereException e) {
                    // The way to a kernel may be closed, for example without a network.
                    System.out.println(NOT_HERE + e.getMessage());
                    return;
                }
                LiveSandbox machine = stack.create();
                ProcessHandle.current().descendants().filter(process -> process.info().command().orElse("").contains("qemu"))
                        .forEach(process -> System.out.println(process.pid()));
                System.out.println("busy");
                machine.call("def handler(event, etl):\n    while True:\n        pass\n", "0");
            } else {
                LiveStack stack = LiveStacks.open("process", LiveConfig.defaults(), Clocks.monotonicNs());
                System.out.println(stack.create().call("""
                        import os
                        def handler(event, etl):
                            return [os.getpid(), os.spawnv(os.P_NOWAIT, '/usr/bin/setsid', ['setsid', '/bin/sleep', '1000'])]
                        """, "0").result().replaceAll("[^0-9]+", "\n").strip());
                System.out.println("busy");
                stack.create().call("def handler(event, etl):\n    while True:\n        pass\n", "0");
            }
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        if (child != null) {
            child.destroyForcibly().waitFor();
        }
    }

    private List<Long> killed(String what) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Victim.class.getName(), what).redirectError(new File("/dev/null"));
        builder.environment().put("SANDGLASS_STATE", state.toString());
        child = builder.start();
        List<Long> pids = new ArrayList<>();
        for (String line = child.inputReader().readLine(); !"busy".equals(line); line = child.inputReader().readLine()) {
            assumeThat(line).as("what the stack needs").isNotNull().doesNotStartWith(NOT_HERE);
            pids.add(Long.parseLong(line));
        }
        Thread.sleep(200);
        assertThat(pids).isNotEmpty().allMatch(KilledSandglassTest::isAlive);
        child.destroyForcibly().waitFor();
        return pids;
    }

    private static boolean isAlive(long pid) {
        return Processes.isAlive(pid, Processes.startTicks(pid));
    }

    @RequiresKvm
    @Test
    void workersEndWithTheirInputEvenWhileAFunctionRuns() throws Exception {
        List<Long> pids = killed("workers");
        long begunNs = System.nanoTime();
        while (pids.stream().anyMatch(KilledSandglassTest::isAlive) && System.nanoTime() - begunNs < PATIENCE.toNanos()) {
            Thread.sleep(20);
        }
        assertThat(pids).noneMatch(KilledSandglassTest::isAlive);
    }

    @RequiresRoot
    @Test
    void forksOfTheZygoteTheirGroupsAndDirectoriesAreRemovedByTheNextStart() throws Exception {
        List<Long> pids = killed("zygote");
        assertThat(pids).as("the zygote and its fork").hasSize(2);
        List<Leftover> left = new Leftovers(state).find();
        List<Path> paths = left.stream().filter(thing -> thing.kind() != Kind.PROCESS).map(thing -> Path.of(thing.name())).toList();
        assertThat(paths).hasSizeGreaterThan(2);
        assertThat(new Leftovers(state).remove().failures()).isEmpty();
        assertThat(pids).noneMatch(KilledSandglassTest::isAlive);
        assertThat(paths).allSatisfy(path -> assertThat(path).doesNotExist());
        left.stream().filter(thing -> thing.kind() == Kind.PROCESS)
                .forEach(thing -> assertThat(Processes.withEnvironment(Journal.TOKEN + "=" + thing.name())).isEmpty());
    }

    @RequiresQemu
    @Test
    void aVirtualMachineItsTapAndItsDiskAreRemovedByTheNextStart() throws Exception {
        List<Long> pids = killed("vm");
        assertThat(pids).as("QEMU").hasSize(1);
        List<Leftover> left = new Leftovers(state).find();
        List<Path> directories = left.stream().filter(thing -> thing.kind() == Kind.DIRECTORY).map(thing -> Path.of(thing.name())).toList();
        assertThat(directories).isNotEmpty().allSatisfy(path -> assertThat(path).isDirectory());
        assertThat(new Leftovers(state).remove().failures()).isEmpty();
        assertThat(pids).noneMatch(KilledSandglassTest::isAlive);
        assertThat(directories).as("with disks and sockets").allSatisfy(path -> assertThat(path).doesNotExist());
        left.stream().filter(thing -> thing.kind() == Kind.PROCESS)
                .forEach(thing -> assertThat(Processes.withEnvironment(Journal.TOKEN + "=" + thing.name())).isEmpty());
        // A tap is in a network namespace that nothing but these processes holds; it has no name in the host's.
        assertThat(Files.readString(Path.of("/proc/net/dev"))).doesNotContainPattern("(?m)^\\s*sg\\d");
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void processesOfFunctionsAreEndedByTheNextStart() throws Exception {
        List<Long> pids = killed("process");
        List<Leftover> left = new Leftovers(state).find();
        assertThat(left).extracting(Leftover::kind).containsExactly(Kind.PROCESS);
        assertThat(Processes.withEnvironment(Journal.TOKEN + "=" + left.get(0).name())).as("what a function started").contains(pids.get(1));
        assertThat(new Leftovers(state).remove().failures()).isEmpty();
        assertThat(pids).noneMatch(KilledSandglassTest::isAlive);
        assertThat(Processes.withEnvironment(Journal.TOKEN + "=" + left.get(0).name())).isEmpty();
    }
}
