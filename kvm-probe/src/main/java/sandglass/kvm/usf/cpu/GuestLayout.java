package sandglass.kvm.usf.cpu;

/**
 * Where everything lies in guest memory. Virtual addresses equal physical ones, except for text that clones share. The first 2 MiB belong
 * to the machine and are closed to user mode, except for the page with the system call stub; that also makes null pointers fault.
 *
 * <pre>
 *   0x00001000  PML4, PDPT, GDT, TSS, IDT, system call stub, exception stubs, a page table for the first 2 MiB
 *   0x0000F000  top of the stack on which exceptions arrive
 *   0x00010000  page directories, one a GiB
 *   0x00018000  page tables, one for 2 MiB, in the clone that learns what a function touches
 *   0x00200000  user memory starts
 *   0x00400000  program; its heap (brk) follows and grows upwards
 *               memory for mmap, taken from the guard downwards
 *   ram - 6 MiB  guard: 2 MiB without translation, so a stack that overflows faults
 *   ram - 4 MiB  stack
 *   3 GiB        where shared text is, physically: behind it, memory is one piece, so that a machine has two memory slots and not five
 *   4 GiB - 8 GiB  window: shared memory that the host adds at run time
 * </pre>
 *
 * @param ramBytes size of guest RAM, a multiple of 2 MiB from {@link #MIN_RAM_BYTES} to {@link #MAX_RAM_BYTES}
 */
public record GuestLayout(long ramBytes) {

    static final int PML4 = 0x1000;
    static final int PDPT = 0x2000;
    static final int GDT = 0x3000;
    static final int TSS = 0x4000;
    static final int IDT = 0x5000;
    static final int SYSCALL_STUB = 0x6000;
    static final int EXCEPTION_STUBS = 0x7000;
    static final int FIRST_PAGE_TABLE = 0x9000;
    static final int KERNEL_STACK_TOP = 0xF000;
    static final int PAGE_DIRECTORIES = 0x10000;
    static final int GIB_MAPPED = 8;
    static final int WATCHING_TABLES = PAGE_DIRECTORIES + GIB_MAPPED * 0x1000;

    /** Bytes covered by one page-directory entry. */
    public static final int LARGE_PAGE_BYTES = 2 << 20;
    /** The port through which the stub leaves the guest. */
    public static final int SYSCALL_PORT = 0x10;
    /** The first address that user mode may use. */
    public static final long FIRST_USER_ADDRESS = LARGE_PAGE_BYTES;
    /** Where a position-independent program is loaded, and where the others usually ask to be. */
    public static final long PROGRAM_BASE = 0x400000;
    /** Size of the user stack. */
    public static final long STACK_BYTES = 2 * LARGE_PAGE_BYTES;
    /** The physical address of what no clone may write and all share. */
    public static final long SHARED_TEXT_START = 3L << 30;
    /** The window starts here. */
    public static final long WINDOW_START = 4L << 30;
    /** The window ends here. */
    public static final long WINDOW_END = (long) GIB_MAPPED << 30;
    /** Below this an interpreter has no room. */
    public static final long MIN_RAM_BYTES = 32L << 20;
    /** Java's buffers end at 2 GiB. */
    public static final long MAX_RAM_BYTES = 1L << 30;

    /** Checks the size. */
    public GuestLayout {
        if (ramBytes < MIN_RAM_BYTES || ramBytes > MAX_RAM_BYTES || ramBytes % LARGE_PAGE_BYTES != 0) {
            throw new IllegalArgumentException("guest RAM of " + ramBytes + " bytes; expected a multiple of 2 MiB from "
                    + (MIN_RAM_BYTES >> 20) + " to " + (MAX_RAM_BYTES >> 20) + " MiB");
        }
    }

    /** One past the highest stack address. */
    public long stackTop() {
        return ramBytes;
    }

    /** Start of the 2 MiB below the stack that have no translation. */
    public long guardStart() {
        return ramBytes - STACK_BYTES - LARGE_PAGE_BYTES;
    }
}
