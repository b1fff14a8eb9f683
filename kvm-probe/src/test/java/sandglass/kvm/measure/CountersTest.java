package sandglass.kvm.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import sandglass.kvm.sys.Linux;

/** Oracles: what the JVM says of its heap and of a thread's core time, the kernel's tick counts of a process, and system calls made here. */
class CountersTest {

    @Test
    void coreTimeOfThisThreadIsWhatTheVirtualMachineReads() {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long ns = Clocks.threadCpuNs();
        long after = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        assertThat(ns).isBetween(before, after);
    }

    @Test
    void coreTimeOfAProcessIsThatOfAllItsThreads() {
        long pid = ProcessHandle.current().pid();
        assertThat(Linux.processCpuNs(pid)).isGreaterThan(Clocks.threadCpuNs()).isGreaterThan(100_000_000L);
        long ticksNs = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
        assertThat(Linux.processCpuNs(pid)).isGreaterThanOrEqualTo(ticksNs - 20_000_000L);
    }

    @Test
    void readsAndSwitchesOfAProcessAreCounted() throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "while read line; do echo $line; done").start();
        try {
            process.getOutputStream().write("a\n".getBytes());
            process.getOutputStream().flush();
            assertThat(process.getInputStream().read()).isEqualTo('a');
            process.getInputStream().skipNBytes(1);
            try (CountedProcess counted = new CountedProcess(process.pid(), System::nanoTime)) {
                process.getOutputStream().write("b\n".getBytes());
                process.getOutputStream().flush();
                process.getInputStream().skipNBytes(2);
                ProcessCounters since = counted.next();
                // The shell reads byte by byte: 'b' and the end of the line; the read that it waits in is not counted yet.
                assertThat(since.readCalls()).isEqualTo(2);
                assertThat(since.writeCalls()).isEqualTo(1);
                assertThat(since.voluntarySwitches()).isPositive();
                process.destroyForcibly().waitFor();
                assertThat(counted.next()).isEqualTo(ProcessCounters.NONE);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        try (CountedProcess gone = new CountedProcess(process.pid(), System::nanoTime)) {
            assertThat(gone.next()).isEqualTo(ProcessCounters.NONE);
        }
    }

    @Test
    void theHeapOfJavaIsFoundInItsMemory() {
        byte[] filled = new byte[64 << 20];
        java.util.Arrays.fill(filled, (byte) 1);
        // G1 gives back what it shrinks by in the background: for a while more is resident than the heap is said to have.
        long deadline = System.nanoTime() + 30_000_000_000L;
        long committedBytes;
        long residentBytes;
        do {
            long before = Runtime.getRuntime().totalMemory();
            residentBytes = JavaHeap.footprint().rssBytes();
            committedBytes = Math.max(before, Runtime.getRuntime().totalMemory()) + (1 << 20);
        } while (residentBytes > committedBytes && System.nanoTime() < deadline);
        assertThat(residentBytes).isBetween((long) filled.length, committedBytes);
        assertThat(filled[filled.length - 1]).isEqualTo((byte) 1);
    }
}
