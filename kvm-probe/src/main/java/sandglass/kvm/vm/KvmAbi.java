package sandglass.kvm.vm;

/**
 * The numbers of KVM's interface on x86-64: requests, capabilities, exit reasons and offsets into {@code struct
 * kvm_run} (linux/kvm.h, asm/kvm.h). A request's number codes its direction, the size of its argument and its ordinal.
 */
final class KvmAbi {

    static final int API_VERSION = 12;

    static final long GET_API_VERSION = 0xAE00;
    static final long CREATE_VM = 0xAE01;
    static final long CHECK_EXTENSION = 0xAE03;
    static final long GET_VCPU_MMAP_SIZE = 0xAE04;
    static final long GET_SUPPORTED_CPUID = 0xC008_AE05L;
    static final long CREATE_VCPU = 0xAE41;
    static final long SET_USER_MEMORY_REGION = 0x4020_AE46L;
    static final long IOEVENTFD = 0x4040_AE79L;
    static final long RUN = 0xAE80;
    static final long GET_SREGS = 0x8138_AE83L;
    static final long SET_SREGS = 0x4138_AE84L;
    static final long GET_MSRS = 0xC008_AE88L;
    static final long SET_MSRS = 0x4008_AE89L;
    static final long SET_CPUID2 = 0x4008_AE90L;
    static final long GET_XSAVE = 0x9000_AEA4L;
    static final long SET_XSAVE = 0x5000_AEA5L;
    static final long GET_XCRS = 0x8188_AEA6L;
    static final long SET_XCRS = 0x4188_AEA7L;
    static final long GET_STATS_FD = 0xAECE;

    static final int SREGS_BYTES = 312;
    static final int XSAVE_BYTES = 4096;
    static final int XCRS_BYTES = 392;
    static final int MEMORY_REGION_BYTES = 32;
    static final int MEM_READONLY = 2;
    static final int IOEVENTFD_BYTES = 64;

    static final int EXIT_UNKNOWN = 0;
    static final int EXIT_EXCEPTION = 1;
    static final int EXIT_IO = 2;
    static final int EXIT_HYPERCALL = 3;
    static final int EXIT_DEBUG = 4;
    static final int EXIT_HLT = 5;
    static final int EXIT_MMIO = 6;
    static final int EXIT_SHUTDOWN = 8;
    static final int EXIT_FAIL_ENTRY = 9;
    static final int EXIT_INTR = 10;
    static final int EXIT_INTERNAL_ERROR = 17;

    /** Offsets into struct kvm_run. */
    static final int RUN_IMMEDIATE_EXIT = 1;
    static final int RUN_EXIT_REASON = 8;
    static final int RUN_IO_DIRECTION = 32;
    static final int RUN_IO_SIZE = 33;
    static final int RUN_IO_PORT = 34;
    static final int RUN_IO_COUNT = 36;
    static final int RUN_IO_DATA_OFFSET = 40;
    static final int RUN_FAIL_ENTRY_REASON = 32;
    static final int RUN_INTERNAL_SUBERROR = 32;
    static final int RUN_MMIO_ADDRESS = 32;
    static final int RUN_MMIO_DATA = 40;
    static final int RUN_MMIO_LENGTH = 48;
    static final int RUN_MMIO_IS_WRITE = 52;
    static final int RUN_VALID_REGS = 288;
    static final int RUN_DIRTY_REGS = 296;
    static final int RUN_REGS = 304;
    static final int RUN_SREGS = 448;

    /** Bits of kvm_valid_regs and kvm_dirty_regs. */
    static final long SYNC_REGS = 1;
    static final long SYNC_SREGS = 2;

    private KvmAbi() {
    }
}
