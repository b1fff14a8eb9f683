package sandglass.kvm.usf.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.usf.cpu.GuestLayout;

/**
 * A 64-bit x86 program or library: what its headers say.
 *
 * @param name                what to call it in messages
 * @param contents            the whole file, little-endian
 * @param isPositionFree      whether it may be loaded anywhere (ET_DYN)
 * @param entry               first instruction, before relocation
 * @param programHeaderOffset where the program headers start in the file
 * @param segments            all program headers, in file order
 */
public record ElfFile(String name, ByteBuffer contents, boolean isPositionFree, long entry, long programHeaderOffset,
        List<Segment> segments) {

    /** Size of a program header, and the only one this project knows. */
    public static final int PROGRAM_HEADER_BYTES = 56;

    private static final int HEADER_BYTES = 64;
    private static final int MACHINE_X86_64 = 62;
    private static final int ET_EXEC = 2;
    private static final int ET_DYN = 3;
    private static final int MAX_SEGMENTS = 64;
    private static final int MAX_PATH_BYTES = 4096;
    private static final int DT_NULL = 0;
    private static final int DT_NEEDED = 1;
    private static final int DT_STRTAB = 5;

    /** One program header. Offsets and sizes have been checked against the file. */
    public record Segment(int type, int flags, long fileOffset, long address, long fileBytes, long memoryBytes) {

        static final int LOAD = 1;
        static final int DYNAMIC = 2;
        static final int INTERPRETER = 3;
        private static final int WRITABLE = 2;

        /** Whether the program may write to it. */
        public boolean isWritable() {
            return (flags & WRITABLE) != 0;
        }
    }

    /**
     * Reads the headers.
     *
     * @throws ElfFormatException if it is something else, or its headers point outside the file
     */
    public static ElfFile parse(String name, ByteBuffer file) {
        ByteBuffer bytes = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.capacity() < HEADER_BYTES || bytes.getInt(0) != 0x464C457F) {
            throw new ElfFormatException(name, "not an ELF file");
        }
        require(name, bytes.get(4) == 2 && bytes.get(5) == 1, "not 64-bit little-endian");
        int type = bytes.getShort(16);
        require(name, type == ET_EXEC || type == ET_DYN, "type " + type + ", expected a program or library");
        int machine = bytes.getShort(18) & 0xFFFF;
        require(name, machine == MACHINE_X86_64, "machine " + machine + ", expected 62 (x86-64)");
        int headerBytes = bytes.getShort(54) & 0xFFFF;
        require(name, headerBytes == PROGRAM_HEADER_BYTES, "program headers of " + headerBytes + " bytes, expected 56");
        int count = bytes.getShort(56) & 0xFFFF;
        require(name, count >= 1 && count <= MAX_SEGMENTS, count + " program headers, expected 1 to 64");
        long headers = bytes.getLong(32);
        requireInside(name, bytes, headers, (long) count * PROGRAM_HEADER_BYTES, "program headers");
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            segments.add(segment(name, bytes, (int) headers + i * PROGRAM_HEADER_BYTES));
        }
        return new ElfFile(name, bytes, type == ET_DYN, bytes.getLong(24), headers, List.copyOf(segments));
    }

    private static Segment segment(String name, ByteBuffer bytes, int at) {
        Segment segment = new Segment(bytes.getInt(at), bytes.getInt(at + 4), bytes.getLong(at + 8),
                bytes.getLong(at + 16), bytes.getLong(at + 32), bytes.getLong(at + 40));
        if (segment.type == Segment.LOAD || segment.type == Segment.INTERPRETER || segment.type == Segment.DYNAMIC) {
            requireInside(name, bytes, segment.fileOffset, segment.fileBytes, "segment");
            require(name, segment.memoryBytes >= segment.fileBytes, "a segment is larger in the file than in memory");
        }
        return segment;
    }

    private static void require(String name, boolean condition, String problem) {
        if (!condition) {
            throw new ElfFormatException(name, problem);
        }
    }

    private static void requireInside(String name, ByteBuffer bytes, long offset, long length, String what) {
        require(name, offset >= 0 && length >= 0 && offset <= bytes.capacity() && length <= bytes.capacity() - offset,
                what + " outside the file: " + length + " bytes at " + offset);
    }

    /**
     * How much of a library, from its start, is only read and would nearly fill large pages that end where its writable part begins.
     *
     * @return whole pages, or 0 if the file is something else or leaves more than a quarter of them empty
     */
    public static long sharableBytes(ByteBuffer file) {
        ElfFile elf;
        try {
            elf = parse("mapped file", file);
        } catch (ElfFormatException e) {
            return 0;
        }
        long page = 4096;
        long textBytes = Long.MAX_VALUE;
        for (Segment segment : elf.loadSegments()) {
            textBytes = segment.isWritable() ? Math.min(textBytes, segment.address() / page * page) : textBytes;
        }
        long large = GuestLayout.LARGE_PAGE_BYTES;
        long wasted = textBytes < file.capacity() ? (large - textBytes % large) % large : Long.MAX_VALUE;
        return elf.isPositionFree() && wasted <= textBytes / 4 ? textBytes : 0;
    }

    /** The parts to be placed in memory. */
    public List<Segment> loadSegments() {
        return segments.stream().filter(segment -> segment.type == Segment.LOAD).toList();
    }

    /** The program that loads this one (PT_INTERP), or null if it needs none. */
    public String interpreter() {
        for (Segment segment : segments) {
            if (segment.type == Segment.INTERPRETER && segment.fileBytes > 1 && segment.fileBytes <= MAX_PATH_BYTES) {
                byte[] path = new byte[(int) segment.fileBytes - 1];
                contents.get((int) segment.fileOffset, path);
                return new String(path, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /** The libraries it names (DT_NEEDED), in order. */
    public List<String> neededLibraries() {
        List<String> needed = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.type == Segment.DYNAMIC) {
                long names = 0;
                List<Long> nameOffsets = new ArrayList<>();
                for (long at = segment.fileOffset; at + 16 <= segment.fileOffset + segment.fileBytes; at += 16) {
                    long tag = contents.getLong((int) at);
                    long value = contents.getLong((int) at + 8);
                    if (tag == DT_NULL) {
                        break;
                    } else if (tag == DT_NEEDED) {
                        nameOffsets.add(value);
                    } else if (tag == DT_STRTAB) {
                        names = fileOffset(value);
                    }
                }
                for (long offset : nameOffsets) {
                    needed.add(text(names + offset));
                }
            }
        }
        return needed;
    }

    private long fileOffset(long address) {
        for (Segment segment : loadSegments()) {
            if (address >= segment.address && address - segment.address < segment.fileBytes) {
                return segment.fileOffset + address - segment.address;
            }
        }
        throw new ElfFormatException(name, "address 0x" + Long.toHexString(address) + " is in no segment");
    }

    private String text(long offset) {
        requireInside(name, contents, offset, 1, "a name");
        int end = (int) offset;
        while (end < contents.capacity() && contents.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - (int) offset];
        contents.get((int) offset, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
