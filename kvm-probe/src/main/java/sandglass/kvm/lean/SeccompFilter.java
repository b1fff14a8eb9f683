package sandglass.kvm.lean;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A system call filter as the kernel wants it (seccomp(2), SECCOMP_MODE_FILTER): a program of the Berkeley Packet Filter. Calls in a list
 * are allowed, others fail with EPERM; clone may not make namespaces, and clone3, whose arguments a filter cannot see, fails with ENOSYS, so
 * that the C library takes clone.
 */
public final class SeccompFilter {

    private static final String NUMBERS = "syscalls-x86-64.txt";
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_AT_LEAST = 0x35;
    private static final int JUMP_IF_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;
    private static final int NUMBER_AT = 0;
    private static final int ARCHITECTURE_AT = 4;
    private static final int FIRST_ARGUMENT_AT = 16;
    private static final int X86_64 = 0xC000003E;
    private static final int FIRST_OF_X32 = 0x40000000;
    private static final int NEW_NAMESPACES = 0x7E020080;
    private static final int KILL_PROCESS = 0x80000000;
    private static final int ALLOW = 0x7FFF0000;
    private static final int ERROR = 0x00050000;
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final int INSTRUCTION_BYTES = 8;
    private static final int MOST_INSTRUCTIONS = 4096;

    private final ByteBuffer program = ByteBuffer.allocate(MOST_INSTRUCTIONS * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private SeccompFilter() {
    }

    /**
     * The program for a list of names, in hexadecimal.
     *
     * @throws IllegalArgumentException for a name that x86-64 does not have
     */
    public static String hex(List<String> allowed) {
        Map<String, Integer> numbers = numbers();
        SeccompFilter filter = new SeccompFilter();
        filter.add(LOAD_WORD, 0, 0, ARCHITECTURE_AT);
        filter.returnUnless(JUMP_IF_EQUAL, X86_64, KILL_PROCESS);
        filter.add(LOAD_WORD, 0, 0, NUMBER_AT);
        filter.returnIf(JUMP_IF_AT_LEAST, FIRST_OF_X32, ERROR | EPERM);
        filter.returnIf(JUMP_IF_EQUAL, numbers.get("clone3"), ERROR | ENOSYS);
        for (String name : allowed) {
            Integer number = numbers.get(name);
            if (number == null) {
                throw new IllegalArgumentException("x86-64 has no system call '" + name + "'");
            }
            if (!name.equals("clone") && !name.equals("clone3")) {
                filter.returnIf(JUMP_IF_EQUAL, number, ALLOW);
            }
        }
        if (allowed.contains("clone")) {
            filter.returnUnless(JUMP_IF_EQUAL, numbers.get("clone"), ERROR | EPERM);
            filter.add(LOAD_WORD, 0, 0, FIRST_ARGUMENT_AT);
            filter.returnIf(JUMP_IF_ANY_BIT, NEW_NAMESPACES, ERROR | EPERM);
            filter.add(RETURN, 0, 0, ALLOW);
        }
        filter.add(RETURN, 0, 0, ERROR | EPERM);
        return HexFormat.of().formatHex(Arrays.copyOf(filter.program.array(), filter.program.position()));
    }

    private void returnIf(int test, int value, int answer) {
        add(test, 0, 1, value);
        add(RETURN, 0, 0, answer);
    }

    private void returnUnless(int test, int value, int answer) {
        add(test, 1, 0, value);
        add(RETURN, 0, 0, answer);
    }

    /** struct sock_filter: code, instructions to skip if true and if false, operand. */
    private void add(int code, int ifTrue, int ifFalse, int operand) {
        program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(operand);
    }

    private static Map<String, Integer> numbers() {
        try (InputStream stream = Objects.requireNonNull(SeccompFilter.class.getResourceAsStream(NUMBERS), NUMBERS)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split(" "))).map(pair -> pair.split("="))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> Integer.parseInt(pair[1])));
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + NUMBERS, e);
        }
    }
}
