package sandglass.kvm.usf;

import java.util.BitSet;
import java.util.EnumSet;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.call.GuestProcess;
import sandglass.kvm.usf.cpu.CpuState;

/**
 * The frozen state of a unikernel that waits for a function: memory in a sealed memory file, which nobody can change any
 * more, registers, and the process's tables. All clones start from it and share its pages until they write.
 */
final class Template implements AutoCloseable {

    private final Fd memory;
    private final Mapping contents;
    private final CpuState cpu;
    private final GuestProcess.State process;
    private PageRuns writeSetRuns = new PageRuns();
    private BitSet writeSet = new BitSet();

    /**
     * Seals the memory. No writable mapping of it may be left.
     *
     * @param memory the memory file; the template closes it
     */
    Template(Fd memory, long sizeBytes, CpuState cpu, GuestProcess.State process) {
        Linux.seal(memory, EnumSet.allOf(Linux.Seal.class));
        this.memory = memory;
        this.contents = Linux.map(memory, 0, sizeBytes, Linux.Sharing.READ_ONLY);
        this.cpu = cpu;
        this.process = process;
    }

    /** A private view: reads come from the template, writes go to copies. */
    Mapping privateView() {
        return Linux.map(memory, 0, contents.sizeBytes(), Linux.Sharing.PRIVATE);
    }

    /** The memory itself; never written. */
    Mapping contents() {
        return contents;
    }

    CpuState cpu() {
        return cpu;
    }

    GuestProcess.State process() {
        return process;
    }

    /** The pages that an invocation writes as a rule. Empty until learned. */
    PageRuns writeSetRuns() {
        return writeSetRuns;
    }

    boolean isUsuallyWritten(long offset, long lengthBytes) {
        int first = (int) (offset / Linux.PAGE_BYTES);
        return writeSet.nextClearBit(first) >= first + (int) (lengthBytes / Linux.PAGE_BYTES);
    }

    /** Remembers what a first invocation wrote. Called once, before the template is shared between threads. */
    void learnWriteSet(PageRuns runs) {
        writeSetRuns = runs;
        writeSet = runs.pages();
    }

    @Override
    public void close() {
        contents.close();
        memory.close();
    }
}
