package sandglass.kvm.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many page faults the kernel has resolved without a disk for the calling thread, proc(5), stat, field minflt. */
public final class MinorFaults {

    private static final Path STAT = Path.of("/proc/thread-self/stat");
    /** Counted from the state, which follows the command's name in parentheses. */
    private static final int FIELD = 7;

    private MinorFaults() {
    }

    /** Since the thread began. */
    public static long ofThisThread() {
        try {
            String stat = Files.readString(STAT);
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[FIELD]);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STAT, e);
        }
    }
}
