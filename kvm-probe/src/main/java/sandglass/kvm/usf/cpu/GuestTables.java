package sandglass.kvm.usf.cpu;

import static sandglass.kvm.usf.cpu.GuestLayout.EXCEPTION_STUBS;
import static sandglass.kvm.usf.cpu.GuestLayout.FIRST_PAGE_TABLE;
import static sandglass.kvm.usf.cpu.GuestLayout.GDT;
import static sandglass.kvm.usf.cpu.GuestLayout.GIB_MAPPED;
import static sandglass.kvm.usf.cpu.GuestLayout.IDT;
import static sandglass.kvm.usf.cpu.GuestLayout.KERNEL_STACK_TOP;
import static sandglass.kvm.usf.cpu.GuestLayout.LARGE_PAGE_BYTES;
import static sandglass.kvm.usf.cpu.GuestLayout.PAGE_DIRECTORIES;
import static sandglass.kvm.usf.cpu.GuestLayout.PDPT;
import static sandglass.kvm.usf.cpu.GuestLayout.PML4;
import static sandglass.kvm.usf.cpu.GuestLayout.SYSCALL_PORT;
import static sandglass.kvm.usf.cpu.GuestLayout.SYSCALL_STUB;
import static sandglass.kvm.usf.cpu.GuestLayout.WATCHING_TABLES;
import static sandglass.kvm.usf.cpu.GuestLayout.TSS;

import java.nio.ByteBuffer;
import java.util.BitSet;

/** Writes the tables that the processor reads, and the two kinds of stub. All of it is constant after this. */
public final class GuestTables {

    static final int OUT_BYTES = 2;
    static final int KERNEL_CODE = 0x08;
    static final int USER_DATA = 0x18 | 3;
    static final int USER_CODE = 0x20 | 3;
    static final int TASK = 0x28;
    static final int GDT_LIMIT = 0x37;
    static final int IDT_LIMIT = 0xFFF;
    static final int TSS_LIMIT = 0x67;

    private static final int PAGE = 4096;
    private static final int EXCEPTION_STUB_BYTES = 4;
    private static final int VECTORS = 256;
    /** Accessed and dirty are set beforehand, so that the processor never writes to a page table. */
    private static final long TABLE = 0x27; // present, writable, user, accessed
    private static final long LARGE_USER_PAGE = 0xE7; // present, writable, user, accessed, dirty, 2 MiB
    private static final long UNTOUCHED_USER_PAGE = 0x07; // present, writable, user
    private static final long ACCESSED = 0x20;
    private static final long SUPERVISOR_PAGE = 0x63; // present, writable, accessed, dirty
    private static final long USER_READ_ONLY_PAGE = 0x25; // present, user, accessed
    private static final long SUPERVISOR_READ_ONLY_PAGE = 0x21; // present, accessed

    private GuestTables() {
    }

    /** Fills the machine's part of fresh RAM. */
    public static void write(ByteBuffer ram, GuestLayout layout, SyscallPath path) {
        pageTables(ram, layout, path);
        descriptors(ram);
        taskState(ram, path);
        interruptGates(ram);
        stubs(ram);
    }

    private static void pageTables(ByteBuffer ram, GuestLayout layout, SyscallPath path) {
        ram.putLong(PML4, PDPT | TABLE);
        for (int gib = 0; gib < GIB_MAPPED; gib++) {
            int directory = PAGE_DIRECTORIES + gib * PAGE;
            ram.putLong(PDPT + gib * Long.BYTES, directory | TABLE);
            for (int i = 0; i < 512; i++) {
                long address = (long) gib << 30 | (long) i * LARGE_PAGE_BYTES;
                ram.putLong(directory + i * Long.BYTES, address == layout.guardStart() ? 0 : address | LARGE_USER_PAGE);
            }
        }
        ram.putLong(PAGE_DIRECTORIES, FIRST_PAGE_TABLE | TABLE);
        for (int i = 0; i < 512; i++) {
            ram.putLong(FIRST_PAGE_TABLE + i * Long.BYTES, (long) i * PAGE | SUPERVISOR_PAGE);
        }
        // Where the stub runs at CPL 3, user mode must be able to fetch it; nobody may ever write it.
        ram.putLong(FIRST_PAGE_TABLE + SYSCALL_STUB / PAGE * Long.BYTES, SYSCALL_STUB
                | (path == SyscallPath.RING_3 ? USER_READ_ONLY_PAGE : SUPERVISOR_READ_ONLY_PAGE));
    }

    /**
     * Lets user memory be somewhere else physically. The machine must not run any more with these tables: it may remember the old ones.
     *
     * @param start     virtual address of the first large page
     * @param sizeBytes whole large pages
     * @param physical  where the first is now
     */
    public static void redirect(ByteBuffer ram, long start, long sizeBytes, long physical) {
        for (long offset = 0; offset < sizeBytes; offset += LARGE_PAGE_BYTES) {
            int entry = PAGE_DIRECTORIES + (int) ((start + offset) / LARGE_PAGE_BYTES) * Long.BYTES;
            ram.putLong(entry, physical + offset | LARGE_USER_PAGE);
        }
    }

    /**
     * Replaces the large pages of user memory by small ones whose accessed bits are clear, so that {@link #accessedPages} can tell what a
     * program touched. Before the first instruction; slows the program down.
     *
     * @return false, with nothing changed, if memory is too large for the tables to have room
     */
    public static boolean watchAccesses(ByteBuffer ram, GuestLayout layout) {
        int directories = (int) (layout.ramBytes() / LARGE_PAGE_BYTES);
        if (WATCHING_TABLES + (long) directories * PAGE > GuestLayout.FIRST_USER_ADDRESS) {
            return false;
        }
        for (int i = 1; i < directories; i++) {
            int entry = PAGE_DIRECTORIES + i * Long.BYTES;
            if (ram.getLong(entry) != 0) {
                int table = WATCHING_TABLES + i * PAGE;
                for (int j = 0; j < 512; j++) {
                    ram.putLong(table + j * Long.BYTES, (long) i * LARGE_PAGE_BYTES + (long) j * PAGE | UNTOUCHED_USER_PAGE);
                }
                ram.putLong(entry, table | TABLE);
            }
        }
        return true;
    }

    /** The numbers of the pages that a program has touched since {@link #watchAccesses}. */
    public static BitSet accessedPages(ByteBuffer ram, GuestLayout layout) {
        BitSet pages = new BitSet();
        for (int page = LARGE_PAGE_BYTES / PAGE; page < layout.ramBytes() / PAGE; page++) {
            if ((ram.getLong(WATCHING_TABLES + page * Long.BYTES) & ACCESSED) != 0) {
                pages.set(page);
            }
        }
        return pages;
    }

    /** SDM 3A 3.4.5. The order kernel data, user data, user code is what SYSCALL and SYSRET presume (STAR). */
    private static void descriptors(ByteBuffer ram) {
        ram.putLong(GDT + KERNEL_CODE, 0x00AF_9B00_0000_FFFFL);
        ram.putLong(GDT + 0x10, 0x00CF_9300_0000_FFFFL);
        ram.putLong(GDT + 0x18, 0x00CF_F300_0000_FFFFL);
        ram.putLong(GDT + 0x20, 0x00AF_FB00_0000_FFFFL);
        ram.putLong(GDT + TASK, TSS_LIMIT | (long) TSS << 16 | 0x8BL << 40); // busy 64-bit TSS
    }

    /** SDM 3A 8.7: the stacks for exceptions, and where the I/O permission map starts. */
    private static void taskState(ByteBuffer ram, SyscallPath path) {
        ram.putLong(TSS + 4, KERNEL_STACK_TOP); // RSP0
        ram.putLong(TSS + 36, KERNEL_STACK_TOP); // IST1
        // A map that starts beyond the limit forbids every port to user mode. Where the stub runs at CPL 3 it is IOPL 3
        // that lets it through, and user code with it: the monitor then judges each exit.
        ram.putShort(TSS + 102, (short) (path == SyscallPath.RING_0 ? TSS_LIMIT + 1 : 0));
    }

    /** SDM 3A 6.14.1: an interrupt gate a vector, all on stack IST1. Only INT3 may be raised by software. */
    private static void interruptGates(ByteBuffer ram) {
        for (int vector = 0; vector < VECTORS; vector++) {
            long handler = EXCEPTION_STUBS + vector * EXCEPTION_STUB_BYTES;
            long type = vector == 3 ? 0xEE : 0x8E;
            ram.putLong(IDT + vector * 16, handler & 0xFFFF | KERNEL_CODE << 16 | 1L << 32 | type << 40
                    | (handler >> 16 & 0xFFFF) << 48);
            ram.putLong(IDT + vector * 16 + 8, handler >> 32);
        }
    }

    private static void stubs(ByteBuffer ram) {
        int[] syscall = {0xE7, SYSCALL_PORT, 0x48, 0x0F, 0x07}; // out port, eax; sysretq
        for (int i = 0; i < syscall.length; i++) {
            ram.put(SYSCALL_STUB + i, (byte) syscall[i]);
        }
        int[] exception = {0xF4, 0xEB, 0xFD, 0x90}; // hlt; jmp to the hlt; nop
        for (int i = 0; i < VECTORS * EXCEPTION_STUB_BYTES; i++) {
            ram.put(EXCEPTION_STUBS + i, (byte) exception[i % EXCEPTION_STUB_BYTES]);
        }
    }

    /**
     * Which exception a halted vCPU reports.
     *
     * @param rip behind the HLT
     * @return the vector, or -1 if the HLT is not one of the stubs
     */
    public static int exceptionVector(long rip) {
        long offset = rip - (EXCEPTION_STUBS + 1);
        boolean inStubs = offset >= 0 && offset < VECTORS * EXCEPTION_STUB_BYTES && offset % EXCEPTION_STUB_BYTES == 0;
        return inStubs ? (int) offset / EXCEPTION_STUB_BYTES : -1;
    }

    /** Whether the processor pushes an error code for an exception (SDM 3A table 6-1). */
    public static boolean hasErrorCode(int vector) {
        return vector == 8 || vector >= 10 && vector <= 14 || vector == 17 || vector == 21;
    }
}
