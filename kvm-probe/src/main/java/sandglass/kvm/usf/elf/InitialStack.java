package sandglass.kvm.usf.elf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.vm.GuestMemory;

/**
 * The stack with which a program starts: argument count, arguments, environment and the auxiliary vector (System V ABI,
 * AMD64 supplement, figure 3.9). There is no vDSO and no FSGSBASE, and the vector says so.
 */
public final class InitialStack {

    private static final int AT_NULL = 0;
    private static final int AT_PHDR = 3;
    private static final int AT_PHENT = 4;
    private static final int AT_PHNUM = 5;
    private static final int AT_PAGESZ = 6;
    private static final int AT_BASE = 7;
    private static final int AT_FLAGS = 8;
    private static final int AT_ENTRY = 9;
    private static final int AT_UID = 11;
    private static final int AT_EUID = 12;
    private static final int AT_GID = 13;
    private static final int AT_EGID = 14;
    private static final int AT_PLATFORM = 15;
    private static final int AT_HWCAP = 16;
    private static final int AT_CLKTCK = 17;
    private static final int AT_SECURE = 23;
    private static final int AT_RANDOM = 25;
    private static final int AT_HWCAP2 = 26;
    private static final int AT_EXECFN = 31;
    private static final int AT_MINSIGSTKSZ = 51;
    private static final int RANDOM_BYTES = 16;

    private final GuestMemory memory;
    private long top;

    private InitialStack(GuestMemory memory, long top) {
        this.memory = memory;
        this.top = top;
    }

    /**
     * Writes the stack.
     *
     * @param program         the program itself
     * @param interpreterBase where its interpreter was loaded, 0 without one
     * @param arguments       the first is also the program's name
     * @param environment     as {@code NAME=value}
     * @param random          16 bytes, for stack protectors and the like
     * @param hardware        CPUID.1:EDX
     * @return the stack pointer to start with
     */
    public static long write(GuestMemory memory, long stackTop, LoadedProgram program, long interpreterBase,
            List<String> arguments, List<String> environment, byte[] random, int hardware) {
        if (random.length != RANDOM_BYTES) {
            throw new IllegalArgumentException(random.length + " random bytes, expected 16");
        }
        InitialStack stack = new InitialStack(memory, stackTop);
        long name = stack.pushText(arguments.get(0));
        long platform = stack.pushText("x86_64");
        long randomAt = stack.pushBytes(random);
        List<Long> environmentAt = environment.stream().map(stack::pushText).toList();
        List<Long> argumentsAt = arguments.stream().map(stack::pushText).toList();
        List<Long> words = new ArrayList<>();
        words.add((long) arguments.size());
        words.addAll(argumentsAt);
        words.add(0L);
        words.addAll(environmentAt);
        words.add(0L);
        long[] auxiliary = {
            AT_PHDR, program.programHeaders(), AT_PHENT, ElfFile.PROGRAM_HEADER_BYTES,
            AT_PHNUM, program.elf().segments().size(), AT_PAGESZ, 4096, AT_BASE, interpreterBase, AT_FLAGS, 0,
            AT_ENTRY, program.entry(), AT_UID, 0, AT_EUID, 0, AT_GID, 0, AT_EGID, 0, AT_SECURE, 0,
            AT_RANDOM, randomAt, AT_HWCAP, hardware & 0xFFFF_FFFFL, AT_HWCAP2, 0, AT_CLKTCK, 100,
            AT_PLATFORM, platform, AT_EXECFN, name, AT_MINSIGSTKSZ, 3632, AT_NULL, 0};
        for (long word : auxiliary) {
            words.add(word);
        }
        long start = stack.top - (long) words.size() * Long.BYTES & ~15L;
        for (int i = 0; i < words.size(); i++) {
            memory.putLong(start + (long) i * Long.BYTES, words.get(i));
        }
        return start;
    }

    private long pushText(String text) {
        return pushBytes((text + '\0').getBytes(StandardCharsets.UTF_8));
    }

    private long pushBytes(byte[] bytes) {
        top -= bytes.length;
        memory.put(top, bytes);
        return top;
    }
}
