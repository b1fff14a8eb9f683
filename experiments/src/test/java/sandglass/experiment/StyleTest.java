package sandglass.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Oracle: the written rules of style, read off the sources themselves. */
class StyleTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final List<String> MODULES = List.of("sim-core", "workloads", "kvm-probe", "plots", "experiments");
    private static final int MOST_LINES = 500;
    private static final int MOST_COLUMNS = 150;

    @Test
    void filesAreShortAndClean() {
        List<String> faults = new ArrayList<>();
        sources("src").forEach(file -> {
            List<String> lines = lines(file);
            if (lines.size() > MOST_LINES) {
                faults.add(file + ": " + lines.size() + " lines");
            }
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.contains("\t") || line.endsWith(" ") || line.length() > MOST_COLUMNS) {
                    faults.add(file + ":" + (i + 1) + ": tab, trailing space or more than " + MOST_COLUMNS + " columns");
                }
            }
        });
        assertThat(faults).isEmpty();
    }

    @Test
    void nothingIsUnfinishedOrSwitchedOff() {
        List<String> banned = List.of("TO" + "DO", "FIX" + "ME", "@Dis" + "abled", "printStack" + "Trace()");
        List<String> faults = new ArrayList<>();
        sources("src").forEach(file -> {
            String text = String.join("\n", lines(file));
            banned.stream().filter(text::contains).forEach(word -> faults.add(file + ": " + word));
        });
        assertThat(faults).isEmpty();
    }

    @Test
    void everyPackageSaysWhatLivesThere() {
        Set<Path> packages = sources("src/main/java").map(Path::getParent).collect(Collectors.toSet());
        assertThat(packages).isNotEmpty().allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
    }

    private static Stream<Path> sources(String folder) {
        return MODULES.stream().map(module -> ROOT.resolve(module).resolve(folder)).filter(Files::isDirectory).flatMap(StyleTest::walk)
                .filter(file -> file.toString().endsWith(".java"));
    }

    private static Stream<Path> walk(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
