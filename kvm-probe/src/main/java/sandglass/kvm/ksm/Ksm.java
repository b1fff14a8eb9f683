package sandglass.kvm.ksm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sandglass.kvm.leftovers.Entry;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.leftovers.Kind;
import sandglass.kvm.leftovers.MergedPages;
import sandglass.kvm.measure.Privilege;
import sandglass.run.UnsupportedHereException;

/**
 * The kernel's samepage merging, running at a pace of our choosing for as long as this is open; it merges only memory that asks for it
 * (MADV_MERGEABLE, PR_SET_MEMORY_MERGE). Afterwards all settings are as before, after a kill by the journal's next reader. Settings that
 * are not named by {@link Pace} stay: zero pages, how many may share a page. Linux, admin-guide/mm/ksm.
 *
 * <p>Confined to one thread but for {@link #counts}.
 */
public final class Ksm implements AutoCloseable {

    static final Path SETTINGS = Path.of("/sys/kernel/mm/ksm");

    private static final String STOPPED = "0";
    private static final String RUNNING = "1";
    /** Stops and takes all merged pages apart. */
    private static final String UNMERGE = "2";

    private final Path settings;
    private final Journal journal;
    private final Supplier<List<Long>> others;
    private final List<Change> changes = new ArrayList<>();

    /**
     * How fast pages are looked at. Every page is looked at each time ({@code smart_scan} is off) and no advisor changes the pace.
     *
     * @param pagesToScan pages each time
     * @param sleepMs     pause between, ms
     */
    public record Pace(int pagesToScan, long sleepMs) {
    }

    /**
     * What the kernel has counted.
     *
     * @param shared      pages that are used for several
     * @param sharing     pages that need no memory because of that: what is saved
     * @param unshared    pages looked at that have no equal
     * @param scanned     pages looked at, each time counted; 0 before Linux 6.6
     * @param fullScans   how often all memory was gone through
     * @param profitBytes what is saved less the kernel's own structures for it; may be negative
     */
    public record Counts(long shared, long sharing, long unshared, long scanned, long fullScans, long profitBytes) {
    }

    /**
     * A setting that was changed.
     *
     * @param word  what to write to get the old value back
     * @param after what the file contains since
     */
    private record Change(Path file, String word, String after, Entry entry) {
    }

    private Ksm(Path settings, Journal journal, Supplier<List<Long>> others) {
        this.settings = settings;
        this.journal = journal;
        this.others = others;
    }

    /**
     * Lets the kernel merge.
     *
     * @throws UnsupportedHereException if it has no KSM, somebody else uses it, or this is not root
     */
    public static Ksm start(Pace pace) throws UnsupportedHereException {
        return start(pace, SETTINGS, Privilege.isRoot(), Journal.open(), MergedPages::ofOthers);
    }

    /** The same with another directory of settings and other merging processes; takes ownership of the journal. */
    static Ksm start(Pace pace, Path settings, boolean root, Journal journal, Supplier<List<Long>> others)
            throws UnsupportedHereException {
        Ksm ksm = new Ksm(settings, journal, others);
        boolean started = false;
        try {
            ksm.requireFree(root);
            if (ksm.has("advisor_mode")) {
                ksm.choose("advisor_mode", "none");
            }
            if (ksm.has("smart_scan")) {
                ksm.set("smart_scan", "0");
            }
            ksm.go(pace);
            ksm.set("run", RUNNING);
            started = true;
            return ksm;
        } catch (IOException e) {
            throw new UnsupportedHereException("the kernel does not take a setting of KSM: " + e.getMessage(),
                    "see /sys/kernel/mm/ksm; a container often has it read-only: run outside of it");
        } finally {
            if (!started) {
                ksm.close();
            }
        }
    }

    private void requireFree(boolean root) throws UnsupportedHereException, IOException {
        if (!has("run")) {
            throw new UnsupportedHereException("this kernel has no samepage merging", "boot a kernel with CONFIG_KSM=y");
        }
        if (!root) {
            throw new UnsupportedHereException("changing KSM's settings needs root", "run as root: sudo ./sandglass ...");
        }
        if (!text("run").equals(STOPPED)) {
            throw busy("its setting run is " + text("run"));
        }
        if (number("pages_shared") + number("pages_sharing") > 0) {
            List<Long> users = others.get();
            if (!users.isEmpty()) {
                throw busy("these processes have merged pages: " + users);
            }
            forgetTheDead();
            if (number("pages_shared") + number("pages_sharing") > 0) {
                throw busy("there are merged pages, though not of a process that is to be seen");
            }
        }
    }

    /** While the scanner is stopped, nobody strikes out merged pages of processes that have ended. */
    private void forgetTheDead() throws IOException {
        Entry entry = journal.add(Kind.SETTING, settings.resolve("run").toString(), STOPPED, UNMERGE);
        write("run", UNMERGE);
        write("run", STOPPED);
        entry.done();
    }

    private static UnsupportedHereException busy(String reason) {
        return new UnsupportedHereException("somebody else uses KSM: " + reason,
                "once nobody needs it: echo 2 | sudo tee /sys/kernel/mm/ksm/run; echo 0 | sudo tee /sys/kernel/mm/ksm/run");
    }

    /**
     * Goes on at another pace.
     *
     * @throws UncheckedIOException if the kernel does not take it
     */
    public void pace(Pace pace) {
        try {
            go(pace);
        } catch (IOException e) {
            throw new UncheckedIOException("the kernel does not take a pace of " + pace, e);
        }
    }

    private void go(Pace pace) throws IOException {
        set("pages_to_scan", Integer.toString(pace.pagesToScan()));
        set("sleep_millisecs", Long.toString(pace.sleepMs()));
    }

    /** What a setting was before the first change is what it will be again. */
    private void set(String name, String value) throws IOException {
        String before = text(name);
        if (before.equals(value)) {
            return;
        }
        Optional<Change> earlier = changes.stream().filter(change -> change.file().equals(settings.resolve(name))).findFirst();
        change(name, earlier.map(Change::word).orElse(before), value, value);
        if (earlier.isPresent()) {
            changes.remove(earlier.get());
            earlier.get().entry().done();
        }
    }

    /** Chooses one word of a setting that shows all, the chosen one in brackets. */
    private void choose(String name, String word) throws IOException {
        String before = text(name);
        int from = before.indexOf('[');
        int to = before.indexOf(']');
        if (from < 0 || to < from) {
            throw new IOException(settings.resolve(name) + " has no chosen word: " + before);
        }
        String chosen = before.substring(from + 1, to);
        if (!chosen.equals(word)) {
            List<String> words = List.of(before.replace("[", "").replace("]", "").split(" "));
            change(name, chosen, word, String.join(" ", words.stream().map(one -> one.equals(word) ? "[" + one + "]" : one).toList()));
        }
    }

    private void change(String name, String wordBefore, String word, String after) throws IOException {
        Path file = settings.resolve(name);
        Entry entry = name.equals("run") ? journal.add(Kind.SETTING, file.toString(), wordBefore, after, UNMERGE)
                : journal.add(Kind.SETTING, file.toString(), wordBefore, after);
        changes.add(new Change(file, wordBefore, after, entry));
        write(name, word);
    }

    /** What the kernel has counted up to now. Any thread may ask. */
    public Counts counts() {
        try {
            return new Counts(number("pages_shared"), number("pages_sharing"), number("pages_unshared"),
                    has("pages_scanned") ? number("pages_scanned") : 0, number("full_scans"),
                    has("general_profit") ? number("general_profit") : 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + settings, e);
        }
    }

    /** The settings that somebody has changed since, which are not put back: nothing measured meanwhile counts. */
    public List<String> disturbed() {
        try {
            List<String> names = new ArrayList<>();
            for (Change change : changes) {
                if (!isOurs(change)) {
                    names.add(change.file().getFileName().toString());
                }
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + settings, e);
        }
    }

    private static boolean isOurs(Change change) throws IOException {
        return Files.readString(change.file()).strip().equals(change.after());
    }

    /**
     * Puts all settings back, and takes apart what was merged unless somebody else merges now, too; close the sandboxes first.
     *
     * @throws UncheckedIOException if one cannot be put back; it stays in the journal
     */
    @Override
    public void close() {
        IOException failure = null;
        for (int i = changes.size() - 1; i >= 0; i--) {
            Change change = changes.get(i);
            try {
                if (isOurs(change)) {
                    String name = change.file().getFileName().toString();
                    if (name.equals("run") && others.get().isEmpty()) {
                        write(name, UNMERGE);
                    }
                    write(name, change.word());
                }
                change.entry().done();
            } catch (IOException e) {
                failure = e;
            }
        }
        changes.clear();
        journal.close();
        if (failure != null) {
            throw new UncheckedIOException("a setting of KSM could not be put back", failure);
        }
    }

    private boolean has(String name) {
        return Files.exists(settings.resolve(name));
    }

    private long number(String name) throws IOException {
        return Long.parseLong(text(name));
    }

    private String text(String name) throws IOException {
        try {
            return Files.readString(settings.resolve(name)).strip();
        } catch (IOException e) {
            throw new IOException(settings.resolve(name) + ": " + e.getMessage(), e);
        }
    }

    private void write(String name, String value) throws IOException {
        try {
            Files.writeString(settings.resolve(name), value);
        } catch (IOException e) {
            throw new IOException(settings.resolve(name) + ", " + value + ": " + e.getMessage(), e);
        }
    }
}
