package sandglass.kvm.usf.elf;

import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.vm.GuestMemory;

/**
 * A program in guest memory.
 *
 * @param base           what was added to its addresses; zero for a program that must lie where it says
 * @param entry          first instruction
 * @param programHeaders guest address of its program headers
 * @param end            one past its highest byte
 */
public record LoadedProgram(ElfFile elf, long base, long entry, long programHeaders, long end) {

    /**
     * Copies a program's segments into fresh, zeroed memory.
     *
     * @param base  where a position-independent program goes; ignored for others
     * @param limit no byte may lie at or above this address
     * @throws ElfFormatException if a segment would not lie in user memory below the limit
     */
    public static LoadedProgram load(ElfFile elf, long base, long limit, GuestMemory memory) {
        long offset = elf.isPositionFree() ? base : 0;
        long end = 0;
        long headers = 0;
        for (ElfFile.Segment segment : elf.loadSegments()) {
            long start = segment.address() + offset;
            if (start < GuestLayout.FIRST_USER_ADDRESS || start > limit || segment.memoryBytes() > limit - start) {
                throw new ElfFormatException(elf.name(), "segment of " + segment.memoryBytes() + " bytes at 0x"
                        + Long.toHexString(start) + " is outside user memory");
            }
            memory.put(start, elf.contents(), (int) segment.fileOffset(), (int) segment.fileBytes());
            end = Math.max(end, start + segment.memoryBytes());
            long intoSegment = elf.programHeaderOffset() - segment.fileOffset();
            if (intoSegment >= 0 && intoSegment < segment.fileBytes()) {
                headers = start + intoSegment;
            }
        }
        return new LoadedProgram(elf, offset, elf.entry() + offset, headers, end);
    }

    /** A range of guest addresses. */
    public record Range(long start, long sizeBytes) {
    }

    /**
     * The part of the program, in whole large pages, that it only reads: what lies below its first writable segment.
     * Empty for a small program.
     */
    public Range readOnlyLargePages() {
        long start = Long.MAX_VALUE;
        long limit = Long.MAX_VALUE;
        for (ElfFile.Segment segment : elf.loadSegments()) {
            start = Math.min(start, segment.address() + base);
            limit = segment.isWritable() ? Math.min(limit, segment.address() + base) : limit;
        }
        long large = GuestLayout.LARGE_PAGE_BYTES;
        long alignedStart = (start + large - 1) / large * large;
        long alignedEnd = Math.min(limit, end) / large * large;
        return new Range(alignedStart, Math.max(0, alignedEnd - alignedStart));
    }

    /** How much address space a position-independent program needs above its base. */
    public static long spanBytes(ElfFile elf) {
        long end = 0;
        for (ElfFile.Segment segment : elf.loadSegments()) {
            end = Math.max(end, segment.address() + segment.memoryBytes());
        }
        return end;
    }
}
