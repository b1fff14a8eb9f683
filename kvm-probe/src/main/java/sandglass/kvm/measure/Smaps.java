package sandglass.kvm.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what the kernel says about the memory of processes: /proc/PID/smaps and smaps_rollup, proc(5). */
public final class Smaps {

    private static final Pattern HEADER = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) .*");
    private static final Pattern VALUE = Pattern.compile("(Rss|Pss|Private_Clean|Private_Dirty):\\s+(\\d+) kB");
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
    private static final int KIB = 1024;

    private Smaps() {
    }

    /** The memory of a whole process. */
    public static Footprint ofProcess(long pid) {
        return sum(lines(Path.of("/proc/" + pid + "/smaps_rollup")));
    }

    /**
     * The proportional set sizes of all processes but some, summed, in bytes. Processes that end meanwhile or belong to another user
     * are left out.
     */
    public static long pssOfOthers(Set<Long> own) {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(pid -> !own.contains(pid)).mapToLong(pid -> {
            try {
                return ofProcess(pid).pssBytes();
            } catch (UncheckedIOException e) {
                return 0;
            }
        }).sum();
    }

    /** The memory of those mappings of this process that start within a range of addresses. */
    public static Footprint ofRange(long address, long sizeBytes) {
        Footprint sum = Footprint.NONE;
        List<String> lines = lines(Path.of("/proc/self/smaps"));
        int at = 0;
        while (at < lines.size()) {
            Matcher header = HEADER.matcher(lines.get(at));
            int next = at + 1;
            while (next < lines.size() && !HEADER.matcher(lines.get(next)).matches()) {
                next++;
            }
            if (header.matches()) {
                long start = Long.parseUnsignedLong(header.group(1), 16);
                if (start >= address && start < address + sizeBytes) {
                    sum = sum.plus(sum(lines.subList(at + 1, next)));
                }
            }
            at = next;
        }
        return sum;
    }

    /** Memory that the host could still give to new processes (MemAvailable). */
    public static long availableBytes() {
        return lines(Path.of("/proc/meminfo")).stream().map(AVAILABLE::matcher).filter(Matcher::matches)
                .mapToLong(line -> Long.parseLong(line.group(1)) * KIB).findFirst().orElseThrow();
    }

    private static Footprint sum(List<String> lines) {
        long rss = 0;
        long pss = 0;
        long clean = 0;
        long dirty = 0;
        for (String line : lines) {
            Matcher value = VALUE.matcher(line);
            if (value.matches()) {
                long bytes = Long.parseLong(value.group(2)) * KIB;
                switch (value.group(1)) {
                    case "Rss" -> rss += bytes;
                    case "Pss" -> pss += bytes;
                    case "Private_Clean" -> clean += bytes;
                    default -> dirty += bytes;
                }
            }
        }
        return new Footprint(rss, pss, clean + dirty, dirty);
    }

    private static List<String> lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
