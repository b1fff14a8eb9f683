package sandglass.kvm.usf;

import java.util.BitSet;
import java.util.EnumSet;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.call.GuestProcess;
import sandglass.kvm.usf.cpu.CpuState;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.elf.LoadedProgram;
import sandglass.kvm.vm.GuestMemory;
import sandglass.kvm.vm.Vm;

/**
 * The frozen state of a unikernel that waits for a function: memory in a sealed memory file, which nobody can change
 * any more, registers, and the process's tables. All clones start from it and share its pages until they write. What
 * the program cannot write is shared in large pages besides: one fault instead of hundreds in each new clone.
 */
final class Template implements AutoCloseable {

    private static final int LOW_SLOT = 0;
    private static final int TEXT_SLOT = 1;
    private static final int HIGH_SLOT = 2;
    /** The first slot that is free for windows. */
    static final int SLOTS = 3;

    private final Fd memory;
    private final Mapping contents;
    private final CpuState cpu;
    private final GuestProcess.State process;
    private final LoadedProgram.Range textRange;
    private final Mapping text;
    private PageRuns writeSetRuns = new PageRuns();
    private BitSet writeSet = new BitSet();

    /**
     * Seals the memory. No writable mapping of it may be left.
     *
     * @param memory    the memory file; the template closes it
     * @param textRange what no clone may write, in whole large pages; may be empty
     */
    Template(Fd memory, long sizeBytes, CpuState cpu, GuestProcess.State process, LoadedProgram.Range textRange) {
        Linux.seal(memory, EnumSet.allOf(Linux.Seal.class));
        this.memory = memory;
        this.contents = Linux.map(memory, 0, sizeBytes, Linux.Sharing.READ_ONLY);
        this.cpu = cpu;
        this.process = process;
        this.textRange = textRange;
        this.text = textRange.sizeBytes() == 0 ? null : copyOfText();
    }

    private Mapping copyOfText() {
        Mapping copy = Linux.mapAnonymous(textRange.sizeBytes());
        copy.advise(Linux.Advice.HUGEPAGE, 0, copy.sizeBytes());
        copy.bytes().put(0, contents.bytes(), (int) textRange.start(), (int) copy.sizeBytes());
        return copy;
    }

    /**
     * Gives a new machine its memory: a private view, except for the text, which is shared and read-only.
     *
     * @return the view with the guest's ranges
     */
    GuestMemory provideMemory(Vm vm, Mapping ram) {
        GuestMemory guest = new GuestMemory(ram.bytes(), GuestLayout.FIRST_USER_ADDRESS);
        if (text == null) {
            vm.setMemory(LOW_SLOT, 0, ram, ram.sizeBytes(), Vm.SlotAccess.READ_WRITE);
            return guest;
        }
        long textEnd = textRange.start() + textRange.sizeBytes();
        vm.setMemory(LOW_SLOT, 0, ram, textRange.start(), Vm.SlotAccess.READ_WRITE);
        vm.setMemory(TEXT_SLOT, textRange.start(), text, text.sizeBytes(), Vm.SlotAccess.READ_ONLY);
        vm.setMemory(HIGH_SLOT, textEnd, ram, textEnd, ram.sizeBytes() - textEnd, Vm.SlotAccess.READ_WRITE);
        guest.setReadOnly(textRange.start(), textRange.sizeBytes());
        return guest;
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
        if (text != null) {
            text.close();
        }
        memory.close();
    }
}
