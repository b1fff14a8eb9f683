package sandglass.kvm.usf.etl;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What comes before the body of an HTTP/1.1 answer, as far as it says how long the body is (RFC 9112, sections 4 to 6).
 * Whatever the RFC lets a recipient reject is rejected: an answer that two readers could understand differently.
 *
 * @param status      100 to 599
 * @param lengthBytes of the body if it is announced, else {@link #UNKNOWN}
 * @param chunked     whether the body comes in chunks
 * @param persistent  whether the connection may be used again after the body
 */
record ResponseHead(int status, long lengthBytes, boolean chunked, boolean persistent) {

    /** The body ends with the connection, or with the last chunk. */
    static final long UNKNOWN = -1;

    private static final int MAX_FIELDS = 256;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final int OK = 200;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-5]\\d\\d)(?: [\\t\\x20-\\x7e\\x80-\\xff]*)?");
    private static final Pattern FIELD = Pattern.compile(
            "([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*?)[ \\t]*");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    /**
     * Reads a head.
     *
     * @param text up to, but without, the empty line
     * @throws IOException if it is not one, or contradicts itself
     */
    static ResponseHead parse(String text) throws IOException {
        String[] lines = text.split("\r\n", -1);
        Matcher first = STATUS_LINE.matcher(lines[0]);
        if (!first.matches()) {
            throw new IOException("the answer does not begin with an HTTP/1.1 status line");
        }
        if (lines.length > MAX_FIELDS) {
            throw new IOException("the answer has more than " + MAX_FIELDS + " header fields");
        }
        String length = null;
        String coding = null;
        String connection = "";
        for (int i = 1; i < lines.length; i++) {
            Matcher field = FIELD.matcher(lines[i]);
            if (!field.matches()) {
                throw new IOException("the answer's header field " + i + " is malformed");
            }
            String value = field.group(2);
            switch (field.group(1).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = once("Content-Length", length, value);
                case "transfer-encoding" -> coding = once("Transfer-Encoding", coding, value.toLowerCase(Locale.ROOT));
                case "connection" -> connection += "," + value.toLowerCase(Locale.ROOT);
                default -> { }
            }
        }
        boolean modern = first.group(1).equals("1");
        int status = Integer.parseInt(first.group(2));
        boolean persistent = modern ? !names(connection, "close") : names(connection, "keep-alive");
        if (coding != null && (length != null || !coding.equals("chunked"))) {
            throw new IOException(length != null ? "the answer gives both a length and a transfer coding"
                    : "the answer's transfer coding is '" + coding + "', not chunked");
        }
        if (status < OK || status == NO_CONTENT || status == NOT_MODIFIED) {
            return new ResponseHead(status, 0, false, persistent);
        }
        return new ResponseHead(status, length == null ? UNKNOWN : parseLength(length), coding != null,
                persistent && (coding != null || length != null));
    }

    private static String once(String name, String earlier, String value) throws IOException {
        if (earlier != null && !earlier.equals(value)) {
            throw new IOException("the answer contradicts itself in " + name);
        }
        return value;
    }

    private static long parseLength(String value) throws IOException {
        if (!LENGTH.matcher(value).matches()) {
            throw new IOException("the answer's Content-Length is no number");
        }
        return Long.parseLong(value);
    }

    private static boolean names(String list, String option) {
        return Arrays.stream(list.split(",")).map(String::strip).anyMatch(option::equals);
    }
}
