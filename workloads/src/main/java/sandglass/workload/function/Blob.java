package sandglass.workload.function;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;

/** Bytes, partly random, partly repeated. */
final class Blob {

    private static final int LEVEL = 6;
    private static final int PIECE_BYTES = 64 * 1024;
    private static final int HEADER_BYTES = 10;

    private Blob() {}

    private static byte[] bytes(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[size];
        int at = 0;
        while (at < size) {
            int length = Math.min(random.nextInt(1, 4096), size - at);
            if (at > 0 && random.nextBoolean()) {
                int from = random.nextInt(at);
                for (int i = 0; i < length; i++) {
                    bytes[at + i] = bytes[from + i];
                }
            } else {
                for (int i = 0; i < length; i++) {
                    bytes[at + i] = (byte) random.nextInt();
                }
            }
            at += length;
        }
        return bytes;
    }

    /** Expected: something that Java decompresses to the input, with neither name nor time in its header (RFC 1952). */
    static EtlCase makeForCompression(long seed, int size) {
        byte[] input = bytes(seed, size);
        return new EtlCase(input, Map.of("level", LEVEL), Map.of("bytes", (long) size),
                posted -> gzipMismatch(input, posted));
    }

    private static Optional<String> gzipMismatch(byte[] input, byte[] posted) {
        boolean plain = posted.length >= HEADER_BYTES && Arrays.equals(posted, 3, 8, new byte[5], 0, 5);
        if (!plain) {
            return Optional.of("a gzip header without name and time was expected");
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(posted))) {
            return Arrays.equals(in.readAllBytes(), input) ? Optional.empty()
                    : Optional.of("decompresses to something else");
        } catch (IOException e) {
            return Optional.of("is no gzip: " + e.getMessage());
        }
    }

    /** Expected: the manifest, by Java's digests. */
    static EtlCase makeForHashing(long seed, int size) {
        byte[] input = bytes(seed, size);
        CRC32 crc = new CRC32();
        crc.update(input);
        StringBuilder expected = new StringBuilder(String.format("size %d\nsha256 %s\ncrc32 %08x\n", size,
                sha256(input), crc.getValue()));
        long pieces = 0;
        for (int from = 0; from < size; from += PIECE_BYTES) {
            expected.append(pieces++).append(' ').append(sha256(Arrays.copyOfRange(input, from,
                    Math.min(size, from + PIECE_BYTES))))
                    .append('\n');
        }
        return new EtlCase(input, Map.of("piece", PIECE_BYTES), Map.of("bytes", (long) size, "pieces", pieces),
                EtlCase.Output.exactly(expected.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256, which every one must have", e);
        }
    }
}
