package sandglass.kvm.ksm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.RequiresRoot;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.leftovers.Kind;
import sandglass.kvm.leftovers.Leftover;
import sandglass.kvm.leftovers.Leftovers;
import sandglass.kvm.leftovers.MergedPages;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.run.UnsupportedHereException;

/** Oracle: the files of settings, read before and after; those of a directory that stands for the kernel's, and the kernel's own. */
class KsmTest {

    private static final List<String> SETTINGS = List.of("run", "pages_to_scan", "sleep_millisecs", "smart_scan", "advisor_mode",
            "use_zero_pages", "max_page_sharing");
    private static final Ksm.Pace PACE = new Ksm.Pace(345, 7);
    private static final int PAGES = 64;
    private static final long PATIENCE_NS = 120_000_000_000L;

    @TempDir
    private Path scratch;

    private Path fake;

    /** What is killed. */
    static final class Victim {

        public static void main(String[] arguments) throws Exception {
            try {
                Ksm.start(PACE);
                System.out.println("merging");
            } catch (UnsupportedHereException e) {
                System.out.println(e.getMessage());
            }
            System.in.read();
        }
    }

    @BeforeEach
    void settings() throws IOException {
        fake = Files.createDirectories(scratch.resolve("ksm"));
        Map<String, String> all = new LinkedHashMap<>(Map.of("run", "0", "pages_to_scan", "100", "sleep_millisecs", "20", "smart_scan", "1",
                "advisor_mode", "none [scan-time]", "use_zero_pages", "0", "max_page_sharing", "256"));
        for (String counter : List.of("pages_shared", "pages_sharing", "pages_unshared", "full_scans")) {
            all.put(counter, "0");
        }
        for (Map.Entry<String, String> one : all.entrySet()) {
            put(one.getKey(), one.getValue());
        }
    }

    private void put(String name, String value) throws IOException {
        Files.writeString(fake.resolve(name), value + "\n");
    }

    private Path state() {
        return scratch.resolve("state");
    }

    private Ksm start(boolean root, Long... others) throws UnsupportedHereException {
        return Ksm.start(PACE, fake, root, Journal.open(state()), () -> List.of(others));
    }

    private static Map<String, String> read(Path directory) throws IOException {
        Map<String, String> all = new TreeMap<>();
        for (String name : SETTINGS) {
            if (Files.isRegularFile(directory.resolve(name))) {
                all.put(name, Files.readString(directory.resolve(name)).strip());
            }
        }
        return all;
    }

    @Test
    void settingsAreSetAndPutBack() throws Exception {
        Map<String, String> before = read(fake);
        try (Ksm ksm = start(true)) {
            assertThat(read(fake)).containsEntry("run", "1").containsEntry("pages_to_scan", "345").containsEntry("sleep_millisecs", "7")
                    .containsEntry("smart_scan", "0").containsEntry("advisor_mode", "none").containsEntry("use_zero_pages", "0")
                    .containsEntry("max_page_sharing", "256");
            // The kernel shows all words, and the chosen one in brackets.
            put("advisor_mode", "[none] scan-time");
            assertThat(ksm.disturbed()).isEmpty();
            put("pages_sharing", "12");
            assertThat(ksm.counts().sharing()).isEqualTo(12);
        }
        before.put("advisor_mode", "scan-time");
        assertThat(read(fake)).isEqualTo(before);
        assertThat(new Leftovers(state()).find()).isEmpty();
    }

    @Test
    void whatSomebodyElseChangesStaysAndIsTold() throws Exception {
        try (Ksm ksm = start(true)) {
            put("advisor_mode", "[none] scan-time");
            put("pages_to_scan", "7");
            assertThat(ksm.disturbed()).containsExactly("pages_to_scan");
        }
        assertThat(read(fake)).containsEntry("pages_to_scan", "7").containsEntry("sleep_millisecs", "20").containsEntry("run", "0");
    }

    @Test
    void aSettingThatCannotBeReadLeavesTheOthersAsTheyWere() throws Exception {
        Files.delete(fake.resolve("sleep_millisecs"));
        Files.createDirectory(fake.resolve("sleep_millisecs"));
        Files.delete(fake.resolve("advisor_mode"));
        Map<String, String> before = read(fake);
        assertThatThrownBy(() -> start(true)).isInstanceOf(UnsupportedHereException.class).hasMessageContaining("sleep_millisecs");
        assertThat(read(fake)).isEqualTo(before);
        assertThat(new Leftovers(state()).find()).isEmpty();
    }

    private void refused(boolean root, String reason, String remedy, Long... others) throws IOException {
        Map<String, String> before = read(fake);
        assertThatThrownBy(() -> start(root, others)).isInstanceOfSatisfying(UnsupportedHereException.class, e -> {
            assertThat(e.getMessage()).contains(reason);
            assertThat(e.remedy()).contains(remedy);
        });
        assertThat(read(fake)).isEqualTo(before);
    }

    @Test
    void whoeverUsesItIsLeftAlone() throws Exception {
        put("pages_shared", "5");
        refused(true, "[42]", "tee", 42L);
        refused(true, "not of a process", "tee");
        put("run", "1");
        refused(true, "run is 1", "tee");
    }

    @Test
    void whatTheHostLacksIsNamed() throws Exception {
        refused(false, "root", "sudo");
        Files.delete(fake.resolve("run"));
        refused(true, "no samepage merging", "CONFIG_KSM");
    }

    private static void assumeFree() throws IOException {
        Assumptions.assumeTrue(Files.exists(Ksm.SETTINGS.resolve("run")) && Files.readString(Ksm.SETTINGS.resolve("run")).strip().equals("0"),
                "no KSM, or somebody else uses it");
    }

    @RequiresRoot
    @Test
    void theKernelMergesEqualPagesAndForgetsThem() throws Exception {
        assumeFree();
        Map<String, String> before = read(Ksm.SETTINGS);
        Ksm started;
        try {
            started = Ksm.start(new Ksm.Pace(1000, 1));
        } catch (UnsupportedHereException busy) {
            Assumptions.abort(busy.getMessage());
            return;
        }
        try (Ksm ksm = started; Mapping memory = Linux.mapAnonymous((long) PAGES * Linux.PAGE_BYTES)) {
            for (int at = 0; at < memory.sizeBytes(); at += Long.BYTES) {
                memory.bytes().putLong(at, 0x9E37_79B9_7F4A_7C15L * (at % Linux.PAGE_BYTES + 1));
            }
            memory.advise(Linux.Advice.MERGEABLE, 0, memory.sizeBytes());
            long begunNs = System.nanoTime();
            while (ksm.counts().sharing() < PAGES - 1 && System.nanoTime() - begunNs < PATIENCE_NS) {
                Thread.sleep(5);
            }
            assertThat(ksm.counts().sharing()).as("one of the equal pages stays").isEqualTo(PAGES - 1);
            assertThat(ksm.counts().shared()).isEqualTo(1);
        }
        assertThat(read(Ksm.SETTINGS)).isEqualTo(before);
        String left = Files.readString(Ksm.SETTINGS.resolve("pages_sharing")).strip();
        if (MergedPages.ofOthers().isEmpty() && read(Ksm.SETTINGS).equals(before)) {
            assertThat(left).as("merged pages that nobody has any more").isEqualTo("0");
        }
    }

    /** Oracle: proc(5): a thread of the kernel, such as that with number 2, has no memory. */
    @Test
    void threadsOfTheKernelHaveNoMergedPages() {
        assertThat(MergedPages.ofOthers()).doesNotContain(2L);
    }

    @RequiresRoot
    @Test
    void settingsOfAKilledProcessArePutBackByTheNextStart() throws Exception {
        assumeFree();
        Map<String, String> before = read(Ksm.SETTINGS);
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Victim.class.getName()).redirectError(new File("/dev/null"));
        builder.environment().put("SANDGLASS_STATE", state().toString());
        Process victim = builder.start();
        try {
            String said = victim.inputReader().readLine();
            Assumptions.assumeTrue("merging".equals(said), said);
            assertThat(read(Ksm.SETTINGS)).containsEntry("run", "1").containsEntry("pages_to_scan", "345");
        } finally {
            victim.destroyForcibly().waitFor();
        }
        List<Leftover> left = new ArrayList<>(new Leftovers(state()).find());
        assertThat(left).isNotEmpty().extracting(Leftover::kind).containsOnly(Kind.SETTING);
        assertThat(new Leftovers(state()).remove().failures()).isEmpty();
        assertThat(read(Ksm.SETTINGS)).isEqualTo(before);
    }
}
