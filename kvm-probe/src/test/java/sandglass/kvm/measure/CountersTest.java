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

    /** The kernel counts a call when it ends, which on a busy host is later than its data are here. */
    private static ProcessCounters counted(long pid, long writeCalls) throws InterruptedException {
        ProcessCounters counters = ProcessCounters.of(pid);
        for (int attempt = 0; attempt < 10_000 && counters.writeCalls() < writeCalls; attempt++) {
            Thread.sleep(1);
            counters = ProcessCounters.of(pid);
        }
        return counters;
    }

    @Test
    void readsAndSwitchesOfAProcessAreCounted() throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "while read line; do echo $line; done").start();
        try {
            process.getOutputStream().write("a\n".getBytes());
            process.getOutputStream().flush();
            assertThat(process.getInputStream().read()).isEqualTo('a');
            ProcessCounters before = counted(process.pid(), 1);
            process.getOutputStream().write("b\n".getBytes());
            process.getOutputStream().flush();
            process.getInputStream().skipNBytes(2);
            ProcessCounters since = counted(process.pid(), before.writeCalls() + 1).since(before);
            // The shell reads byte by byte: 'b' and the end of the line; it may be about to read the next.
            assertThat(since.readCalls()).isBetween(2L, 4L);
            assertThat(since.writeCalls()).isEqualTo(1);
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(ProcessCounters.of(process.pid())).isEqualTo(ProcessCounters.NONE);
    }

    @Test
    void theHeapOfJavaIsFoundInItsMemory() {
        byte[] filled = new byte[64 << 20];
        java.util.Arrays.fill(filled, (byte) 1);
        long residentBytes = JavaHeap.footprint().rssBytes();
        assertThat(residentBytes).isBetween((long) filled.length, Runtime.getRuntime().totalMemory() + (1 << 20));
        assertThat(filled[filled.length - 1]).isEqualTo((byte) 1);
    }
}
