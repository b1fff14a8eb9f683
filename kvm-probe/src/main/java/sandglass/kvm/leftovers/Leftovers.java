package sandglass.kvm.leftovers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.SystemCallException;

/** What processes that are no more have left on the host, by their journals. */
public final class Leftovers {

    private static final long PATIENCE_NS = 30_000_000_000L;
    private static final long PAUSE_NS = 2_000_000;

    private final Path state;

    /** A thing that could not be removed, or a line of a journal that cannot be understood, and why. */
    public record Failure(String thing, String reason) {
    }

    /**
     * What a removal did.
     *
     * @param removed  what is gone now, in the order of removal
     * @param failures what is not; it stays in its journal
     */
    public record Report(List<Leftover> removed, List<Failure> failures) {

        public Report {
            removed = List.copyOf(removed);
            failures = List.copyOf(failures);
        }
    }

    /** Those of this user. */
    public static Leftovers ofThisUser() {
        return new Leftovers(StateDirectory.ofThisUser());
    }

    /** Those whose journals lie in a directory, which need not exist. */
    public Leftovers(Path state) {
        this.state = state;
    }

    /** What is left, without touching it. */
    public List<Leftover> find() {
        List<Leftover> found = new ArrayList<>();
        forEachDead((path, journal) -> found.addAll(things(journal)));
        return found;
    }

    /** Removes what is left: of each process the newest first. Another process that does the same at the same time does no harm. */
    public Report remove() {
        List<Leftover> removed = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        forEachDead((path, journal) -> {
            List<Leftover> things = things(journal);
            List<Failure> failed = new ArrayList<>(new Removal(journal.tag()).removeAll(things));
            journal.unread().forEach(line -> failed.add(new Failure(path.toString(), "not a line of a journal: " + line)));
            for (int i = things.size() - 1; i >= 0; i--) {
                String thing = things.get(i).toString();
                if (failed.stream().noneMatch(failure -> failure.thing().equals(thing))) {
                    removed.add(things.get(i));
                }
            }
            if (failed.isEmpty()) {
                Files.deleteIfExists(path);
            }
            failures.addAll(failed);
        });
        return new Report(removed, failures);
    }

    /** After a restart of the host only some kinds can be left, and numbers of processes mean others. */
    private static List<Leftover> things(JournalFile journal) throws IOException {
        boolean sameBoot = journal.boot().equals(JournalFile.currentBoot());
        return journal.open().stream().filter(thing -> sameBoot || thing.kind().outlivesHost()).toList();
    }

    private interface Visit {
        void dead(Path path, JournalFile journal) throws IOException;
    }

    private void forEachDead(Visit visit) {
        if (!Files.isDirectory(state)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(state, "*.{journal,new}")) {
            for (Path file : files) {
                visitIfDead(file, visit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the journals in " + state, e);
        }
    }

    /**
     * A process that was being made when its maker was killed has that one's descriptors, and so its lock, until it begins its own
     * program. If the lock does not come, another is at work on the same journal.
     */
    private static boolean lockOfTheEnded(Fd lock) {
        long begunNs = System.nanoTime();
        boolean locked = Linux.tryLock(lock);
        while (!locked && System.nanoTime() - begunNs < PATIENCE_NS) {
            LockSupport.parkNanos(PAUSE_NS);
            locked = Linux.tryLock(lock);
        }
        return locked;
    }

    private static void visitIfDead(Path file, Visit visit) throws IOException {
        try (Fd lock = Linux.open(file.toString(), Linux.Access.READ_ONLY)) {
            if (Linux.tryLock(lock) || JournalFile.read(file).ownerHasEnded() && lockOfTheEnded(lock)) {
                // Whoever had it may have ended it meanwhile; then there is nothing to read.
                visit.dead(file, JournalFile.read(file));
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (SystemCallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }
}
