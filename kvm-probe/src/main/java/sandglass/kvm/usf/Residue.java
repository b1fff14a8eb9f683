package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import sandglass.kvm.sys.Linux;

/**
 * What functions left behind in a recycled unikernel: nothing, unless there is a mistake.
 *
 * @param differingPages  pages whose bytes differ from the template's
 * @param firstDifference address of the first byte that differs, or -1
 * @param secrets         how often one of the secrets that were asked for occurs in memory
 * @param processor       what of the processor differs
 */
public record Residue(long differingPages, long firstDifference, long secrets, List<String> processor) {

    static Residue of(ByteBuffer memory, ByteBuffer template, List<String> processor, List<String> secrets) {
        ByteBuffer mine = memory.duplicate();
        ByteBuffer right = template.duplicate();
        long differing = 0;
        long first = -1;
        int at = memory.mismatch(template);
        while (at >= 0) {
            differing++;
            first = first < 0 ? at : first;
            int nextPage = (at / Linux.PAGE_BYTES + 1) * Linux.PAGE_BYTES;
            int further = mine.position(nextPage).mismatch(right.position(nextPage));
            at = further < 0 ? -1 : nextPage + further;
        }
        long found = 0;
        for (String secret : secrets) {
            found += occurrences(memory, secret.getBytes(StandardCharsets.US_ASCII));
        }
        return new Residue(differing, first, found, processor);
    }

    private static long occurrences(ByteBuffer memory, byte[] secret) {
        long found = 0;
        int last = memory.capacity() - secret.length;
        for (int at = 0; at <= last; at++) {
            if (memory.get(at) == secret[0]) {
                int i = 1;
                while (i < secret.length && memory.get(at + i) == secret[i]) {
                    i++;
                }
                found += i == secret.length ? 1 : 0;
            }
        }
        return found;
    }

    /** Whether nothing was left behind. */
    public boolean isNone() {
        return differingPages == 0 && secrets == 0 && processor.isEmpty();
    }

    @Override
    public String toString() {
        return isNone() ? "no residue" : differingPages + " pages differ from the template, the first at 0x"
                + Long.toHexString(firstDifference) + "; " + secrets + " secrets found; processor: " + processor;
    }
}
