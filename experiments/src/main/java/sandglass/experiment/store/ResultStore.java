package sandglass.experiment.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sandglass.experiment.read.BadInputException;
import sandglass.result.RunResult;

/**
 * The results of one experiment in one directory. Each is appended as one line that the operating system has when {@link #append}
 * returns, so that a program killed then loses at most the runs in progress. A thread of the store's own brings the lines to the disk
 * as fast as it takes them, several at once if they come faster: a sweep of short runs does not wait milliseconds for each. One process at a
 * time may hold a directory. Safe for use by several threads.
 */
public final class ResultStore implements AutoCloseable {

    /** Name of the file within the directory. */
    public static final String FILE = "results.jsonl";

    private final Path directory;
    private final FileChannel channel;
    private final Map<RunKey, RunResult> results = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final Thread flusher = new Thread(this::flush, "results to disk");
    private boolean dirty;
    private boolean closed;
    private IOException refusal;

    private ResultStore(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Makes a directory if needed and tries to write to it, before any work is done for it.
     *
     * @throws BadInputException if it cannot be written to
     */
    public static void requireWritable(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "writable", ".tmp"));
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static BadInputException unwritable(Path directory, IOException e) {
        return BadInputException.of("--out " + directory, "cannot be written to: " + reason(e) + "; expected a directory, or a place for one");
    }

    /**
     * Opens a directory, making it if needed, and reads what is there. A last line that was cut off is dropped, with a warning.
     *
     * @throws BadInputException if the directory cannot be written to, is in use, or holds something that is no result
     */
    public static ResultStore open(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                lock(channel, directory);
                ResultStore store = new ResultStore(directory, channel);
                store.load(file);
                store.flusher.setDaemon(true);
                store.flusher.start();
                return store;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof FileAlreadyExistsException || e instanceof FileSystemException fs && fs.getReason() == null) {
            return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
        }
        return e.getMessage();
    }

    private static void lock(FileChannel channel, Path directory) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory);
            }
        } catch (OverlappingFileLockException e) {
            throw inUse(directory);
        }
    }

    private static BadInputException inUse(Path directory) {
        return BadInputException.of("--out " + directory, "another run is writing to this directory; wait for it, or give another --out");
    }

    private void load(Path file) throws IOException {
        ResultFile read = ResultFile.read(file);
        if (read.truncated()) {
            channel.truncate(read.wholeBytes());
            channel.force(true);
            warnings.add(file + ": the last line was cut off while it was written; it is dropped and its run repeated");
        }
        channel.position(read.wholeBytes());
        read.results().forEach(result -> results.put(RunKey.of(result), result));
    }

    public Path directory() {
        return directory;
    }

    /** What had to be repaired. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The result of this run, if it was run before. */
    public synchronized Optional<RunResult> find(RunKey key) {
        return Optional.ofNullable(results.get(key));
    }

    /** Everything stored, in file order. */
    public synchronized List<RunResult> results() {
        return List.copyOf(results.values());
    }

    /**
     * Adds a result; one that is there already is not written again.
     *
     * @throws UncheckedIOException if the disk refuses, this result or an earlier one; what was stored before stays readable
     * @throws IllegalStateException if the store is closed, as it is while other runs end when the program is interrupted
     */
    public synchronized void append(RunResult result) {
        if (closed) {
            throw new IllegalStateException(directory + " is closed");
        }
        if (results.putIfAbsent(RunKey.of(result), result) != null) {
            return;
        }
        ByteBuffer line = ByteBuffer.wrap((ResultJson.line(result) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            refusal = e;
        }
        throwRefusal();
        dirty = true;
        notifyAll();
    }

    private void throwRefusal() {
        if (refusal != null) {
            throw new UncheckedIOException("cannot write " + directory.resolve(FILE), refusal);
        }
    }

    private void flush() {
        while (awaitDirty()) {
            try {
                channel.force(false);
            } catch (IOException e) {
                refuse(e);
                return;
            }
        }
    }

    private synchronized boolean awaitDirty() {
        while (!dirty && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                return false;
            }
        }
        boolean more = dirty;
        dirty = false;
        return more;
    }

    private synchronized void refuse(IOException e) {
        refusal = e;
    }

    /**
     * Waits until every result is on the disk, then lets go of the directory. A later append fails.
     *
     * @throws UncheckedIOException if the disk refused a result
     */
    @Override public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            flusher.join();
            channel.close();
        } catch (IOException e) {
            refuse(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            throwRefusal();
        }
    }
}
