package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** ELF programs of one segment, from machine code. */
final class TinyElf {

    static final int ADDRESS = 0x400000;
    static final int CODE_AT = 64 + 56;

    private TinyElf() {
    }

    /** A static program whose code starts right behind the headers, at 0x400078, with {@code tail} bytes of bss. */
    static byte[] program(byte[] code, int tail) {
        int size = CODE_AT + code.length;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1).put(6, (byte) 1);
        elf.putShort(16, (short) 2).putShort(18, (short) 62).putInt(20, 1);
        elf.putLong(24, ADDRESS + CODE_AT).putLong(32, 64).putShort(52, (short) 64).putShort(54, (short) 56)
                .putShort(56, (short) 1);
        elf.putInt(64, 1).putInt(68, 7).putLong(72, 0).putLong(80, ADDRESS).putLong(88, ADDRESS)
                .putLong(96, size).putLong(104, size + tail).putLong(112, 4096);
        elf.put(CODE_AT, code);
        return elf.array();
    }

    static byte[] code(int... bytes) {
        byte[] code = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            code[i] = (byte) bytes[i];
        }
        return code;
    }

    /** Writes a text to descriptor 1 and exits with a code. */
    static byte[] hello(String text, int exitCode) {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        int length = message.length;
        byte[] code = code(
                0xB8, 1, 0, 0, 0,                          // mov eax, 1 (write)
                0xBF, 1, 0, 0, 0,                          // mov edi, 1
                0x48, 0x8D, 0x35, 0x13, 0, 0, 0,           // lea rsi, [rip + 19]
                0xBA, length, 0, 0, 0,                     // mov edx, length
                0x0F, 0x05,                                // syscall
                0xB8, 60, 0, 0, 0,                         // mov eax, 60 (exit)
                0xBF, exitCode, 0, 0, 0,                   // mov edi, code
                0x0F, 0x05);                               // syscall
        byte[] whole = java.util.Arrays.copyOf(code, code.length + length);
        System.arraycopy(message, 0, whole, code.length, length);
        return program(whole, 0);
    }
}
