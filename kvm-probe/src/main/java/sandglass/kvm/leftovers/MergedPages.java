package sandglass.kvm.leftovers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whose pages the kernel has merged with equal ones: /proc/PID/ksm_merging_pages, Linux 6.1 and later (admin-guide/mm/ksm). */
public final class MergedPages {

    private static final Path PROC = Path.of("/proc");

    private MergedPages() {
    }

    /** The numbers of the processes that have merged pages, without this one. Where the kernel does not say, there are none. */
    public static List<Long> ofOthers() {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                long pid = Long.parseLong(entry.getFileName().toString());
                if (pid != ProcessHandle.current().pid() && hasMerged(entry.resolve("ksm_merging_pages"))) {
                    found.add(pid);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("/proc is not readable", e);
        }
        return found;
    }

    /** A process that has ended meanwhile has none; for a thread of the kernel, which has no memory, the file is empty. */
    private static boolean hasMerged(Path count) {
        try {
            String pages = Files.readString(count).strip();
            return !pages.isEmpty() && !pages.equals("0");
        } catch (IOException e) {
            return false;
        }
    }
}
