package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the runner reads: kind, length of the source, length of the event, 32 bytes of seed, source, event. The seed is
 * new each time: all clones of a template would otherwise draw the same random numbers.
 */
public final class Request {

    public static final int SEED_BYTES = 32;

    private static final int INVOKE = 0;
    private static final int SETTLE = 1;
    private static final int INVOKE_WITH_MODULES = 2;
    private static final int MODULES = 3;
    private static final int TIDY = 4;
    private static final int POLLED = 8;
    private static final int HEADER_BYTES = 3 * Integer.BYTES + SEED_BYTES;

    private Request() {
    }

    /** Makes the interpreter run a function. */
    public static ByteBuffer invoke(String source, String event, byte[] seed) {
        return encode(INVOKE, source.getBytes(StandardCharsets.UTF_8), event.getBytes(StandardCharsets.UTF_8), seed);
    }

    /** Makes the interpreter run a function that may import from {@code /modules}. */
    static ByteBuffer invokeWithModules(String source, String event, byte[] seed) {
        return encode(INVOKE_WITH_MODULES, source.getBytes(StandardCharsets.UTF_8),
                event.getBytes(StandardCharsets.UTF_8), seed);
    }

    /**
     * For the runner of a process: what the next function may import.
     *
     * @param store a directory as the process sees it
     */
    public static ByteBuffer modules(String store, List<String> names) {
        return encode(MODULES, store.getBytes(StandardCharsets.UTF_8), String.join(",", names).getBytes(StandardCharsets.UTF_8),
                new byte[SEED_BYTES]);
    }

    /** Makes the interpreter collect its garbage and exempt everything alive from later collections. */
    static ByteBuffer settle() {
        return encode(SETTLE, new byte[0], new byte[0], new byte[SEED_BYTES]);
    }

    /** Makes the interpreter's heap compact, so that later functions write to few pages. */
    static ByteBuffer tidy() {
        return encode(TIDY, new byte[0], new byte[0], new byte[SEED_BYTES]);
    }

    /** The same invocation, whose calls to the host are noticed by polling. */
    static ByteBuffer polled(ByteBuffer invocation) {
        return invocation.putInt(0, invocation.getInt(0) | POLLED);
    }

    private static ByteBuffer encode(int kind, byte[] source, byte[] event, byte[] seed) {
        int bodyBytes = Math.addExact(source.length, event.length);
        ByteBuffer request = ByteBuffer.allocate(Math.addExact(HEADER_BYTES, bodyBytes)).order(ByteOrder.LITTLE_ENDIAN);
        return request.putInt(kind).putInt(source.length).putInt(event.length).put(seed).put(source).put(event).flip();
    }
}
