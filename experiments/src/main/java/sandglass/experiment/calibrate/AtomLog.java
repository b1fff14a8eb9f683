package sandglass.experiment.calibrate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.write.CanonicalJson;

/**
 * The side file of a calibration: one line for the host, one an atom, as soon as it is measured, and one when all are. So whatever
 * ends the program, the next start has all atoms but the one in progress. One process at a time.
 */
final class AtomLog implements AutoCloseable {

    private static final int SCHEMA = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;
    private final FileChannel channel;
    private final Map<String, AtomRecord> records = new LinkedHashMap<>();
    private Header header;
    private boolean complete;

    /**
     * Under which conditions the atoms were measured.
     *
     * @param host  the machine's fingerprint
     * @param quick whether with fewer rounds
     */
    record Header(Map<String, String> host, boolean quick) {

        private ObjectNode json() {
            ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", SCHEMA).put("quick", quick);
            ObjectNode facts = node.putObject("host");
            host.forEach(facts::put);
            return node;
        }

        private static Header of(JsonNode node) {
            if (node.required("schema").asInt() != SCHEMA) {
                throw new IllegalArgumentException("schema " + node.get("schema") + ", expected " + SCHEMA);
            }
            Map<String, String> host = new TreeMap<>();
            node.required("host").properties().forEach(entry -> host.put(entry.getKey(), entry.getValue().asText()));
            return new Header(host, node.required("quick").asBoolean());
        }
    }

    private AtomLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a side file, making it if needed, and reads what is there. A last line that was cut off is dropped.
     *
     * @throws BadInputException if it cannot be written to, is in use, or is something else
     */
    static AtomLog open(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                lock(file, channel);
                AtomLog log = new AtomLog(file, channel);
                log.load();
                return log;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw BadInputException.of(file.toString(), "cannot be written to: " + e.getClass().getSimpleName().replace("Exception", "") + " "
                    + e.getMessage());
        }
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw BadInputException.of(file.toString(), "another calibration is writing to it; wait for it, or give another --out");
        }
    }

    private void load() throws IOException {
        byte[] bytes = new byte[Math.toIntExact(channel.size())];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        while (into.hasRemaining() && channel.read(into, into.position()) >= 0) {
            // until all of it is there
        }
        int start = 0;
        int line = 1;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                take(new String(bytes, start, i - start, StandardCharsets.UTF_8), line++);
                start = i + 1;
            }
        }
        channel.truncate(start);
        channel.position(start);
    }

    private void take(String text, int line) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (line == 1) {
                header = Header.of(node);
            } else if (node.has("complete")) {
                complete = true;
            } else {
                AtomRecord one = AtomRecord.of(node);
                records.put(one.atom(), one);
                complete = false;
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw BadInputException.of(file + ":" + line, "is not what 'calibrate' writes (" + e.getMessage().lines().findFirst().orElse("")
                    + "); move the file away, or give another --out");
        }
    }

    /** The conditions of what is there; empty if nothing is. */
    Optional<Header> header() {
        return Optional.ofNullable(header);
    }

    /** What is there, by the atom's name; the newest counts. */
    Map<String, AtomRecord> records() {
        return records;
    }

    /** Whether all that was to be measured then was. */
    boolean complete() {
        return complete;
    }

    /** Forgets what is there and begins anew. */
    void begin(Header conditions) throws IOException {
        channel.truncate(0);
        channel.position(0);
        records.clear();
        complete = false;
        header = conditions;
        append(conditions.json());
    }

    /** Adds an atom; it is on the disk when this returns. */
    void add(AtomRecord one) throws IOException {
        append(one.json());
        records.put(one.atom(), one);
    }

    /** Notes that nothing is left to measure. */
    void finish() throws IOException {
        append(JsonNodeFactory.instance.objectNode().put("complete", true));
        complete = true;
    }

    private void append(ObjectNode node) throws IOException {
        ByteBuffer line = StandardCharsets.UTF_8.encode(CanonicalJson.text(node) + "\n");
        while (line.hasRemaining()) {
            channel.write(line);
        }
        channel.force(true);
    }

    @Override public void close() throws IOException {
        channel.close();
    }
}
