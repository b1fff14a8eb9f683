package sandglass.kvm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.run.UnsupportedHereException;

/** Oracle: the dynamic loader and the interpreter in the image itself, cpio(1), and the file system. */
class ImageCacheTest {

    @TempDir
    private Path scratch;

    private static ImageTree small(String text) {
        return new ImageTree.Builder().file("/a/b/file", text.getBytes(StandardCharsets.UTF_8)).link("/a/link", "b/file")
                .directory("/tmp", ImageTree.SHARED_DIRECTORY).build();
    }

    @Test
    void aRootHoldsWhatTheTreeSays() throws Exception {
        Path root = new ImageCache(scratch).root(small("text"));
        assertThat(root.resolve("a/link")).isSymbolicLink().hasContent("text");
        assertThat(Files.getPosixFilePermissions(root.resolve("a/b/file"))).isEqualTo(PosixFilePermissions.fromString("r--r--r--"));
        assertThat(Files.getLastModifiedTime(root.resolve("a/b/file")).toMillis()).isZero();
        assertThat(root.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void anEqualTreeIsLaidDownOnceAndAnotherOneBesideIt() throws Exception {
        ImageCache cache = new ImageCache(scratch);
        Path first = cache.root(small("text"));
        Object inode = Files.getAttribute(first, "unix:ino");
        assertThat(new ImageCache(scratch).root(small("text"))).isEqualTo(first);
        assertThat(Files.getAttribute(first, "unix:ino")).isEqualTo(inode);
        assertThat(cache.root(small("other"))).isNotEqualTo(first);
        ImageTree executable = new ImageTree.Builder().file("/f", java.nio.ByteBuffer.allocate(1), 0, ImageTree.EXECUTABLE).build();
        assertThat(executable.digest()).isNotEqualTo(new ImageTree.Builder().file("/f", new byte[1]).build().digest());
    }

    @Test
    void whatAKilledBuilderLeftIsRemovedAndManyBuildersMakeOneImage() throws Exception {
        Path left = Files.createDirectories(scratch.resolve(small("text").digest()).resolve(".unfinished-root/a/b"));
        Files.writeString(left.resolve("file"), "te");
        ExecutorService builders = Executors.newFixedThreadPool(8);
        try {
            Callable<Path> build = () -> new ImageCache(scratch).root(small("text"));
            for (Future<Path> root : builders.invokeAll(java.util.Collections.nCopies(8, build))) {
                assertThat(root.get().resolve("a/b/file")).hasContent("text");
            }
        } finally {
            builders.shutdown();
        }
        try (Stream<Path> all = Files.walk(scratch)) {
            assertThat(all.filter(path -> path.getFileName().toString().startsWith(".unfinished"))).isEmpty();
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamedWithTheRemedy() throws IOException {
        Path file = Files.writeString(scratch.resolve("file"), "");
        assertThatThrownBy(() -> new ImageCache(file).root(small("text"))).isInstanceOf(UnsupportedHereException.class)
                .hasMessageContaining(file.toString()).extracting(e -> ((UnsupportedHereException) e).remedy()).asString().contains("MiB");
    }

    @Test
    void pathsThatLeadElsewhereAreRefused() {
        for (String path : List.of("a", "/a/", "/a/../b", "/..", "/./a", "//a", "")) {
            assertThatThrownBy(() -> new ImageTree.Builder().file(path, new byte[0])).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new ImageTree.Builder().link("/a", "b").file("/a/b", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thePythonInItRunsWithNothingOfTheHosts() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PythonImage.DEFAULT_INTERPRETER), "no python3 on this host");
        PythonImage python = PythonImage.read(PythonImage.DEFAULT_INTERPRETER, new FileImage.Builder());
        Path root = new ImageCache(scratch).root(ImageTree.of(python).build());
        Path libraries = root.resolve("usr/lib/x86_64-linux-gnu");
        Process process = new ProcessBuilder(libraries.resolve("ld-linux-x86-64.so.2").toString(), "--inhibit-cache", "--library-path",
                libraries.toString(), root + python.interpreterPath(), "-S", "-B", "-c",
                "import json, http.client, os, sys, ssl\nprint(all(f.startswith(sys.argv[1]) for f in [json.__file__, ssl.__file__]))\n"
                + "print(all(line.split()[5].startswith(sys.argv[1]) for line in open('/proc/self/maps') if '.so' in line))", root.toString())
                .redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("True\nTrue\n");
    }

    @Test
    void theArchiveIsReadByCpio() throws Exception {
        Path archive = new ImageCache(scratch).archive(small("text"));
        Path cpio = Path.of("/usr/bin/cpio");
        Assumptions.assumeTrue(Files.isExecutable(cpio), "no cpio(1) on this host");
        Path unpacked = Files.createDirectory(scratch.resolve("unpacked"));
        Process process = new ProcessBuilder(cpio.toString(), "-i", "--no-absolute-filenames").directory(unpacked.toFile())
                .redirectInput(archive.toFile()).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("block");
        assertThat(process.waitFor()).isZero();
        assertThat(unpacked.resolve("a/link")).isSymbolicLink().hasContent("text");
        assertThat((int) Files.getAttribute(unpacked.resolve("tmp"), "unix:mode") & 07777).isEqualTo(ImageTree.SHARED_DIRECTORY);
    }
}
