package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.cpu.GuestTables;
import sandglass.kvm.usf.elf.LoadedProgram;
import sandglass.kvm.vm.GuestMemory;
import sandglass.kvm.vm.Vm;

/**
 * What programs only read, in large pages of the host that all clones share: one fault for 512 small pages. Physically it lies outside of a
 * clone's memory, so that this stays one memory slot: each slot that a new machine gets is a grace period of the kernel's to wait for.
 *
 * @param ranges where the text is, by virtual address
 * @param memory all ranges, one after the other; null if there is none
 */
record SharedText(List<LoadedProgram.Range> ranges, Mapping memory) implements AutoCloseable {

    /**
     * Copies text out of a machine's memory and lets its page tables lead to the copy. The machine must not run any more.
     *
     * @param readOnly whole large pages; may be empty
     */
    static SharedText moveOutOf(ByteBuffer ram, List<LoadedProgram.Range> readOnly) {
        List<LoadedProgram.Range> ranges = readOnly.stream().filter(range -> range.sizeBytes() > 0).toList();
        long sizeBytes = ranges.stream().mapToLong(LoadedProgram.Range::sizeBytes).sum();
        if (sizeBytes == 0) {
            return new SharedText(List.of(), null);
        }
        Mapping copy = Linux.mapAnonymous(sizeBytes);
        copy.advise(Linux.Advice.HUGEPAGE, 0, sizeBytes);
        int at = 0;
        for (LoadedProgram.Range range : ranges) {
            copy.bytes().put(at, ram, (int) range.start(), (int) range.sizeBytes());
            GuestTables.redirect(ram, range.start(), range.sizeBytes(), GuestLayout.SHARED_TEXT_START + at);
            at += (int) range.sizeBytes();
        }
        return new SharedText(ranges, copy);
    }

    /** Makes the text a machine's, read-only, as one slot. */
    void provide(Vm vm, int slot, GuestMemory guest) {
        if (memory != null) {
            vm.setMemory(slot, GuestLayout.SHARED_TEXT_START, memory, memory.sizeBytes(), Vm.SlotAccess.READ_ONLY);
            ranges.forEach(range -> guest.addReadOnly(range.start(), range.sizeBytes()));
        }
    }

    /** The numbers of its pages, by virtual address. */
    BitSet pages() {
        BitSet pages = new BitSet();
        ranges.forEach(range -> pages.set((int) (range.start() / Linux.PAGE_BYTES),
                (int) ((range.start() + range.sizeBytes()) / Linux.PAGE_BYTES)));
        return pages;
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
    }
}
