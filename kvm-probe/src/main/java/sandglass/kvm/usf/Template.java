package sandglass.kvm.usf;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.call.GuestProcess;
import sandglass.kvm.usf.cpu.CpuState;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.vm.GuestMemory;
import sandglass.kvm.vm.Vm;

/**
 * The frozen state of a unikernel that waits for a function: memory in a sealed memory file, which nobody can change
 * any more, registers, and the process's tables. All clones start from it and share its pages until they write. What
 * the program cannot write is shared in large pages besides: one fault instead of hundreds in each new clone.
 */
final class Template implements AutoCloseable {

    private final Fd memory;
    private final Mapping contents;
    private final CpuState cpu;
    private final GuestProcess.State process;
    private final SharedText text;
    private PageRuns writeSetRuns = new PageRuns();
    private BitSet writeSet = new BitSet();
    private LargePages largePages = LargePages.NONE;

    /**
     * Seals the memory. No writable mapping of it may be left.
     *
     * @param memory the memory file; the template closes it
     * @param text   what no clone may write; the template closes it
     */
    Template(Fd memory, long sizeBytes, CpuState cpu, GuestProcess.State process, SharedText text) {
        Linux.seal(memory, EnumSet.allOf(Linux.Seal.class));
        this.memory = memory;
        this.contents = Linux.map(memory, 0, sizeBytes, Linux.Sharing.READ_ONLY);
        this.cpu = cpu;
        this.process = process;
        this.text = text;
    }

    /**
     * Gives a new machine its memory: a private view, except for the text, which is shared and read-only.
     *
     * @return the view with the guest's ranges
     */
    GuestMemory provideMemory(Vm vm, Mapping ram) {
        GuestMemory guest = new GuestMemory(ram.bytes(), GuestLayout.FIRST_USER_ADDRESS);
        vm.setMemory(0, 0, ram, ram.sizeBytes(), Vm.SlotAccess.READ_WRITE);
        text.provide(vm, 1, guest);
        return guest;
    }

    /** The first slot that is free for windows. */
    int slots() {
        return 2;
    }

    /**
     * A private view: reads come from the template, writes go to copies. Aligned, since with a page that is read the kernel maps those around
     * it (mm/memory.c, do_fault_around), up to a boundary of addresses: how many pages a clone maps would depend on where it happens to lie.
     */
    Mapping privateView() {
        return largePages.isEmpty() ? Linux.mapAligned(memory, contents.sizeBytes(), Linux.Sharing.PRIVATE, GuestLayout.LARGE_PAGE_BYTES)
                : largePages.newView();
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

    /** The pages that a clone gets at once: see PopulationPlan. Empty until learned. */
    PageRuns writeSetRuns() {
        return writeSetRuns;
    }

    /** Pages that are not the clone's own but everybody's, in large pages. */
    BitSet sharedLargePages() {
        return text.pages();
    }

    /** Which large pages a clone that is made on demand has of its own until it is recycled. None until learned. */
    LargePages largePages() {
        return largePages;
    }

    /** Has clones get large pages from now on. Called before the template is shared between threads. */
    void useLargePages(List<Integer> numbers) {
        largePages.close();
        largePages = LargePages.of(memory, contents, numbers, writeSetRuns);
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
        largePages.close();
        contents.close();
        text.close();
        memory.close();
    }
}
