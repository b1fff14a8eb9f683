package sandglass.kvm.leftovers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.RequiresRoot;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.run.UnsupportedHereException;

/** Oracle: the host itself, asked by its own means for what is left after SIGKILL. */
class LeftoversTest {

    /** A setting that means nothing while nobody merges pages. */
    static final Path SETTING = Path.of("/sys/kernel/mm/ksm/stable_node_chains_prune_millisecs");

    private static final int STARTERS = 6;
    private static final int ROUNDS = 100;

    @TempDir
    private Path scratch;

    private final List<Process> children = new ArrayList<>();

    @AfterEach
    void endChildren() throws InterruptedException {
        for (Process child : children) {
            child.destroyForcibly().waitFor();
        }
        if (Files.isDirectory(state())) {
            new Leftovers(state()).remove();
        }
    }

    private Path state() {
        return scratch.resolve("state");
    }

    private Path place() throws IOException {
        return Files.createDirectories(scratch.resolve("place"));
    }

    private Process maker(String what, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Maker.class.getName(), state().toString(),
                place().toString(), what));
        command.addAll(List.of(more));
        Process child = new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
        children.add(child);
        return child;
    }

    private Process made(String what) throws IOException {
        Process child = maker(what);
        assertThat(child.inputReader().readLine()).isEqualTo("made");
        return child;
    }

    private static void kill(Process child) throws InterruptedException {
        child.destroyForcibly().waitFor();
    }

    /** Oracle: each start takes unlocked journals for a dead process's, so those who start at once meet each other's unfinished ones. */
    @Test
    void manyStartAtOnce() throws Exception {
        ExecutorService starters = Executors.newFixedThreadPool(STARTERS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < STARTERS; i++) {
                all.add(starters.submit(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        Journal.open(state()).close();
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            starters.shutdown();
        }
        assertThat(state()).isEmptyDirectory();
    }

    private List<String> filesLeft() throws IOException {
        try (Stream<Path> files = Files.list(place())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<Long> processesOf(List<Leftover> things) {
        return things.stream().filter(thing -> thing.kind() == Kind.PROCESS)
                .flatMap(thing -> Processes.withEnvironment(Journal.TOKEN + "=" + thing.name()).stream()).toList();
    }

    @Test
    void theNextStartRemovesWhatAKilledProcessLeftAndNothingElse() throws Exception {
        Files.writeString(place().resolve("foreign"), "x");
        Process foreign = new ProcessBuilder("sleep", "1000").start();
        children.add(foreign);
        Process living = made("directory,process");
        List<String> livings = filesLeft();
        Process killed = made("directory,process,released");
        kill(killed);

        List<Leftover> left = new Leftovers(state()).find();
        assertThat(left).extracting(Leftover::kind).containsExactly(Kind.DIRECTORY, Kind.PROCESS);
        assertThat(processesOf(left)).as("a shell's sleep and the one that left its group").hasSize(2);

        try (Journal next = Journal.open(state())) {
            assertThat(processesOf(left)).isEmpty();
            assertThat(filesLeft()).isEqualTo(livings);
            assertThat(foreign.isAlive()).isTrue();
            assertThat(next.remaining()).isEmpty();
        }
        kill(living);
        List<Leftover> livingsThings = new Leftovers(state()).find();
        assertThat(processesOf(livingsThings)).hasSize(2);
        assertThat(new Leftovers(state()).remove().failures()).isEmpty();
        assertThat(processesOf(livingsThings)).isEmpty();
        assertThat(filesLeft()).containsExactly("foreign");
        assertThat(state()).isEmptyDirectory();
    }

    /** Oracle: a process that is between fork and its own program has its maker's locks; here one that has been made to keep them. */
    @Test
    void theLockOfTheDeadIsWaitedFor() throws Exception {
        Path file = state().resolve("abcdef12.journal");
        Path made = Files.createDirectories(place().resolve("dabcdef120"));
        Process maker = new ProcessBuilder("sleep", "1000").start();
        children.add(maker);
        Files.createDirectories(state());
        Files.writeString(file, JournalFile.line("sandglass-journal-1", "abcdef12", JournalFile.currentBoot(), Long.toString(maker.pid()),
                Long.toString(Processes.startTicks(maker.pid())), Processes.table()) + JournalFile.line("+", "0", "DIRECTORY", made.toString()));
        Fd lock = Linux.open(file.toString(), Linux.Access.READ_ONLY);
        assertThat(Linux.tryLock(lock)).isTrue();
        assertThat(new Leftovers(state()).find()).as("a living process's").isEmpty();
        kill(maker);
        CompletableFuture<Leftovers.Report> removal = CompletableFuture.supplyAsync(() -> new Leftovers(state()).remove());
        Thread.sleep(100);
        assertThat(removal).isNotDone();
        lock.close();
        assertThat(removal.get().removed()).hasSize(1);
        assertThat(made).doesNotExist();
        assertThat(file).doesNotExist();
    }

    @Test
    void atWhateverMomentItIsKilled() throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < 8; i++) {
            Process child = maker("directory,process", "forever");
            Thread.sleep(250 + random.nextInt(300));
            kill(child);
            List<Leftover> left = new Leftovers(state()).find();
            assertThat(new Leftovers(state()).remove().failures()).isEmpty();
            assertThat(processesOf(left)).isEmpty();
            assertThat(filesLeft()).isEmpty();
            assertThat(state()).satisfiesAnyOf(path -> assertThat(path).isEmptyDirectory(), path -> assertThat(path).doesNotExist());
        }
    }

    @Test
    @RequiresRoot(programs = {"ip", "mount"})
    void devicesNamespacesMountsAndGroupsToo() throws Exception {
        kill(made("devices,mount,groups"));
        List<Leftover> left = new Leftovers(state()).find();
        List<Path> paths = left.stream().map(LeftoversTest::path).filter(path -> path != null).toList();
        assertThat(paths).hasSizeGreaterThan(3).allSatisfy(path -> assertThat(path).exists());
        List<Leftover> processes = left.stream().filter(thing -> thing.kind() == Kind.PROCESS).toList();

        assertThat(new Leftovers(state()).remove().failures()).isEmpty();

        assertThat(paths).allSatisfy(path -> assertThat(path).doesNotExist());
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(place().toString());
        assertThat(processes).allSatisfy(thing -> assertThat(Processes.isAlive(Long.parseLong(thing.details().get(0)),
                Long.parseLong(thing.details().get(1)))).isFalse());
        assertThat(filesLeft()).isEmpty();
    }

    private static Path path(Leftover thing) {
        return switch (thing.kind()) {
            case TAP, VETH -> Path.of("/sys/class/net", thing.name());
            case NETNS -> Path.of("/run/netns", thing.name());
            case CGROUP, DIRECTORY -> Path.of(thing.name());
            default -> null;
        };
    }

    @Test
    @RequiresRoot
    void settingsOfTheKernelGoBackUnlessSomebodyElseChangedThem() throws Exception {
        if (!Files.isWritable(SETTING)) {
            return;
        }
        String old = Files.readString(SETTING);
        try {
            kill(made("setting"));
            assertThat(Files.readString(SETTING)).isNotEqualTo(old);
            new Leftovers(state()).remove();
            assertThat(Files.readString(SETTING)).isEqualTo(old);

            kill(made("setting"));
            Files.writeString(SETTING, "12345");
            new Leftovers(state()).remove();
            assertThat(Files.readString(SETTING).strip()).isEqualTo("12345");
        } finally {
            Files.writeString(SETTING, old.strip());
        }
    }

    @Test
    void aNumberThatIsUsedAgainIsNotTheSameProcess() throws Exception {
        Process innocent = new ProcessBuilder("sleep", "1000").start();
        children.add(innocent);
        long start = Processes.startTicks(innocent.pid());
        Processes.kill(innocent.pid(), start - 1);
        assertThat(innocent.isAlive()).isTrue();
        Processes.kill(innocent.pid(), start);
        assertThat(innocent.waitFor()).isEqualTo(128 + 9);
    }

    @Test
    void afterARestartOfTheHostOnlyFilesCount() throws Exception {
        Process innocent = new ProcessBuilder("sleep", "1000").start();
        children.add(innocent);
        Path kept = Files.createDirectories(place().resolve("dabcdef120"));
        Files.createDirectories(state());
        String start = Long.toString(Processes.startTicks(innocent.pid()));
        Files.writeString(state().resolve("abcdef12.journal"), JournalFile.line("sandglass-journal-1", "abcdef12", "another-boot")
                + JournalFile.line("+", "0", "PROCESS", "sgabcdef121", Long.toString(innocent.pid()), start)
                + JournalFile.line("+", "1", "DIRECTORY", kept.toString()));
        assertThat(new Leftovers(state()).remove().failures()).isEmpty();
        assertThat(innocent.isAlive()).isTrue();
        assertThat(kept).doesNotExist();
    }

    @Test
    void namesThatCouldBeSomebodyElsesAreRefused() throws Exception {
        Path foreign = Files.createDirectories(place().resolve("foreign"));
        try (Journal journal = Journal.open(state())) {
            assertThatThrownBy(() -> journal.add(Kind.DIRECTORY, foreign.toString())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> journal.add(Kind.TAP, "tap0")).isInstanceOf(IllegalArgumentException.class);
        }
        Path file = state().resolve("abcdef12.journal");
        Files.writeString(file, JournalFile.header("abcdef12") + JournalFile.line("+", "0", "DIRECTORY", foreign.toString())
                + JournalFile.line("+", "1", "SETTING", "/sys/kernel/mm/../../../" + foreign.resolve("x"), "0", "1"));
        assertThat(new Leftovers(state()).remove().failures()).hasSize(2);
        assertThat(foreign).exists();
        assertThat(file).exists();
        Files.delete(file);
    }

    @Test
    void aTornLineIsAThingThatWasNotMade() throws Exception {
        Path file = state().resolve("abcdef12.journal");
        Files.createDirectories(state());
        Files.writeString(file, JournalFile.header("abcdef12"));
        Files.writeString(file, "+\t0\tDIRECTORY\t%2Ftmp%2Fdabcd", StandardOpenOption.APPEND);
        assertThat(new Leftovers(state()).find()).isEmpty();
        assertThat(new Leftovers(state()).remove().failures()).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsNoJournalIsShownAndKept() throws Exception {
        Path file = state().resolve("abcdef12.journal");
        Files.createDirectories(state());
        Files.writeString(file, "hello\nworld\n");
        assertThat(new Leftovers(state()).remove().failures()).hasSize(2).allMatch(failure -> failure.thing().equals(file.toString()));
        assertThat(file).exists();
        Files.delete(file);
    }

    @Test
    void anOrderlyEndLeavesNothing() throws Exception {
        Path made;
        try (Journal journal = Journal.open(state())) {
            made = place().resolve(journal.name("d"));
            journal.add(Kind.DIRECTORY, made.toString());
            Files.createDirectories(made);
            assertThat(journal.name("sgt")).hasSizeLessThanOrEqualTo(15);
            assertThat(new Leftovers(state()).find()).as("a living process's things are no leftovers").isEmpty();
        }
        assertThat(made).doesNotExist();
        assertThat(state()).isEmptyDirectory();
    }

    @Test
    void noPlaceForAJournalIsATypedAnswer() throws Exception {
        Path file = Files.writeString(scratch.resolve("file"), "x");
        assertThatThrownBy(() -> Journal.open(file.resolve("below"))).isInstanceOf(UnsupportedHereException.class)
                .hasMessageContaining(file.toString());
    }
}
