package sandglass.kvm.leftovers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.SystemCallException;
import sandglass.run.UnsupportedHereException;

/**
 * The list of what a running process has made on the host and not yet removed. Each thing is entered before it is made, so a
 * process that is killed leaves nothing that is not written down. The file is locked as long as the process lives; one
 * without a lock is a dead process's, and its things are removed by the next that opens a journal.
 *
 * <p>Things have names that no other can have ({@link #name}), so that what is removed is never somebody else's.
 *
 * <p>Safe for use by several threads.
 */
public final class Journal implements AutoCloseable {

    /** The environment variable by which a process of this program is known; its value is the name of its entry. */
    public static final String TOKEN = "SANDGLASS_ENTRY";

    private static final int TAG_BYTES = 4;
    private static final int LONGEST_PREFIX = 3;
    private static final int RADIX = 36;

    private final Path path;
    private final String tag;
    private final Fd lock;
    private final FileChannel file;
    private final Map<Integer, Leftover> open = new TreeMap<>();
    private final Thread atExit = new Thread(this::removeAtExit, "leftovers");
    private int made;
    private int named;
    private boolean closed;

    private Journal(Path path, String tag, Fd lock, FileChannel file) {
        this.path = path;
        this.tag = tag;
        this.lock = lock;
        this.file = file;
    }

    /**
     * Removes what earlier processes left, then begins a journal in the state directory of this user.
     *
     * @throws UnsupportedHereException if there is no place for it
     */
    public static Journal open() throws UnsupportedHereException {
        return open(StateDirectory.ofThisUser());
    }

    /**
     * Removes what earlier processes left, then begins a journal. What cannot be removed stays in its journal, for the next
     * attempt, and {@code doctor} shows it.
     *
     * @param state directory of the journals; made if need be
     * @throws UnsupportedHereException if there is no place for it
     */
    public static Journal open(Path state) throws UnsupportedHereException {
        StateDirectory.prepare(state);
        new Leftovers(state).remove();
        try {
            return begin(state);
        } catch (IOException e) {
            throw StateDirectory.unusable(state, e.toString());
        }
    }

    /** The file gets its name when it is locked, so that nobody takes it for a dead process's. */
    private static Journal begin(Path state) throws IOException {
        SecureRandom random = new SecureRandom();
        while (true) {
            byte[] bytes = new byte[TAG_BYTES];
            random.nextBytes(bytes);
            String tag = HexFormat.of().formatHex(bytes);
            Path path = state.resolve(tag + JournalFile.SUFFIX);
            Path unnamed = state.resolve(tag + ".new");
            if (Files.exists(path)) {
                continue;
            }
            FileChannel file;
            try {
                file = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            } catch (FileAlreadyExistsException e) {
                continue;
            }
            Fd lock;
            try {
                lock = Linux.open(unnamed.toString(), Linux.Access.READ_ONLY);
            } catch (SystemCallException e) {
                file.close();
                if (e.errno() == Errno.ENOENT) {
                    // Somebody took it for a dead process's before it had a lock; nothing was in it.
                    continue;
                }
                throw e;
            }
            Journal journal = new Journal(path, tag, lock, file);
            if (Linux.tryLock(lock)) {
                journal.write(JournalFile.header(tag));
                try {
                    Files.move(unnamed, path);
                    Runtime.getRuntime().addShutdownHook(journal.atExit);
                    return journal;
                } catch (NoSuchFileException e) {
                    // The same, between its opening and its lock.
                }
            }
            lock.close();
            file.close();
        }
    }

    /**
     * A name that nothing else has: for a device (at most 15 characters), a container, or the last part of a path.
     *
     * @param prefix at most three letters, to tell kinds of things apart
     */
    public synchronized String name(String prefix) {
        if (prefix.isEmpty() || prefix.length() > LONGEST_PREFIX) {
            throw new IllegalArgumentException("a prefix has one to three letters, not '" + prefix + "'");
        }
        return prefix + tag + Integer.toString(named++, RADIX);
    }

    /**
     * Announces a process. It must be started with the entry's name as {@link #TOKEN} in its environment, which its children
     * inherit.
     */
    public Entry addProcess() {
        return add(Kind.PROCESS, name("sg"));
    }

    /**
     * Announces something; make it only afterwards.
     *
     * @param name    on the host; must contain one that {@link #name} gave, unless it is a setting of the kernel
     * @param details see {@link Kind}
     */
    public Entry add(Kind kind, String name, String... details) {
        Leftover thing = new Leftover(kind, name, List.of(details));
        if (kind.isNamed() && !name.contains(tag)) {
            throw new IllegalArgumentException(thing + ": not a name of this journal, so it could be somebody else's");
        }
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the journal is closed: " + thing);
            }
            int number = made++;
            List<String> fields = new ArrayList<>(List.of("+", Integer.toString(number), kind.name(), name));
            fields.addAll(Arrays.asList(details));
            write(JournalFile.line(fields.toArray(String[]::new)));
            force(kind);
            open.put(number, thing);
            return new Numbered(number, name);
        }
    }

    private void write(String line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
    }

    /** A killed process's writes are safe in the page cache; only a host that stops loses them, and most things with them. */
    private void force(Kind kind) {
        if (kind.outlivesHost()) {
            try {
                file.force(false);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + path, e);
            }
        }
    }

    /** What has been announced and is not gone, oldest first. */
    public synchronized List<Leftover> remaining() {
        return List.copyOf(open.values());
    }

    /** The file stays: a thread may still be making what it has announced, which the next start then removes. */
    private void removeAtExit() {
        new Removal(tag).removeAll(shut());
    }

    private synchronized List<Leftover> shut() {
        closed = true;
        return List.copyOf(open.values());
    }

    /** Removes whatever has not been said to be gone, and ends the journal. What cannot be removed stays on disk for the next start. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        List<Leftovers.Failure> failures = new Removal(tag).removeAll(shut());
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This is the exit: then the hook has run, or will find the same things again.
        }
        try {
            if (failures.isEmpty()) {
                Files.deleteIfExists(path);
            }
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot end " + path, e);
        } finally {
            lock.close();
        }
    }

    private final class Numbered implements Entry {

        private final int number;
        private final String name;

        Numbered(int number, String name) {
            this.number = number;
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void started(long pid) {
            synchronized (Journal.this) {
                Leftover known = open.get(number);
                if (known != null && !closed) {
                    List<String> details = List.of(Long.toString(pid), Long.toString(Processes.startTicks(pid)));
                    write(JournalFile.line("~", Integer.toString(number), details.get(0), details.get(1)));
                    open.put(number, new Leftover(known.kind(), known.name(), details));
                }
            }
        }

        @Override
        public void done() {
            synchronized (Journal.this) {
                if (open.remove(number) != null && !closed) {
                    write(JournalFile.line("-", Integer.toString(number)));
                }
            }
        }
    }
}
