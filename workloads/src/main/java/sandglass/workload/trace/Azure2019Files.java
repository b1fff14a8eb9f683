package sandglass.workload.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one day of the Azure Functions 2019 trace. Three ways of naming them exist: as published
 * ({@code invocations_per_function_md.anon.dNN.csv}), as sampled ({@code invocations.csv}), and with a prefix
 * ({@code 100_inv.csv}); each may end in {@code .gz}.
 *
 * @param memory absent if neither this nor another day has one
 * @param memoryOfOtherDay whether it is another day's
 */
record Azure2019Files(Path invocations, Path durations, Optional<Path> memory, boolean memoryOfOtherDay) {

    private static final String NAMES = "invocations_per_function_md.anon.dNN.csv with "
            + "function_durations_percentiles.anon.dNN.csv, or invocations.csv with durations.csv, or NAME_inv.csv with "
            + "NAME_run.csv (and app_memory_percentiles.anon.dNN.csv, memory.csv, NAME_mem.csv)";

    /** What a file holds, by its name; the group is what files of one day have in common. */
    private enum Kind {
        INVOCATIONS("invocations_per_function_md\\.anon\\.(d\\d+)|(?:invocations())|(.*?)_?inv"),
        DURATIONS("function_durations_percentiles\\.anon\\.(d\\d+)|(?:durations())|(.*?)_?run"),
        MEMORY("app_memory_percentiles\\.anon\\.(d\\d+)|(?:memory())|(.*?)_?mem");

        private final Pattern name;

        Kind(String stem) {
            name = Pattern.compile("(?:" + stem + ")\\.csv(?:\\.gz)?");
        }

        /** The common part of the name, if it is a name of this kind. */
        Optional<String> group(Path file) {
            Matcher match = name.matcher(file.getFileName().toString());
            if (!match.matches()) {
                return Optional.empty();
            }
            for (int i = 1; i <= match.groupCount(); i++) {
                if (match.group(i) != null) {
                    return Optional.of(match.group(i));
                }
            }
            return Optional.empty();
        }
    }

    /** The numbers of the days in a directory of published names; empty if it has none or other names. */
    static List<Integer> days(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        return byGroup(path, Kind.INVOCATIONS).keySet().stream().filter(g -> g.matches("d\\d+"))
                .map(g -> Integer.parseInt(g.substring(1))).sorted().toList();
    }

    /**
     * The files that {@code path} (a directory, or one of the invocation files in it) and {@code day} denote.
     *
     * @throws TraceException if they are not there or the choice is open
     */
    static Azure2019Files find(Path path, int day) {
        if (!Files.exists(path)) {
            throw ProblemLog.fatal(path, "no such file or directory", "a directory with " + NAMES);
        }
        Path directory = path;
        Optional<String> wanted = day > 0 ? Optional.of(String.format("d%02d", day)) : Optional.empty();
        if (!Files.isDirectory(path)) {
            directory = path.toAbsolutePath().getParent();
            wanted = Kind.INVOCATIONS.group(path);
            if (wanted.isEmpty()) {
                throw ProblemLog.fatal(path, "a file of another name", "a file of invocations: " + NAMES);
            }
        }
        Map<String, Path> invocations = byGroup(directory, Kind.INVOCATIONS);
        String group = choose(directory, invocations, wanted);
        Path durations = byGroup(directory, Kind.DURATIONS).get(group);
        if (durations == null) {
            throw ProblemLog.fatal(invocations.get(group), "no file of durations beside it", NAMES);
        }
        Map<String, Path> memory = byGroup(directory, Kind.MEMORY);
        String memoryGroup = nearest(group, memory);
        return new Azure2019Files(invocations.get(group), durations, Optional.ofNullable(memory.get(memoryGroup)),
                !group.equals(memoryGroup));
    }

    private static String choose(Path directory, Map<String, Path> invocations, Optional<String> wanted) {
        if (invocations.isEmpty()) {
            throw ProblemLog.fatal(directory, "no file of invocations", NAMES);
        }
        String found = invocations.values().stream().map(p -> p.getFileName().toString()).sorted().toList().toString();
        if (wanted.isPresent()) {
            if (!invocations.containsKey(wanted.get())) {
                throw ProblemLog.fatal(directory, found, "day " + wanted.get() + " among them");
            }
            return wanted.get();
        }
        if (invocations.size() > 1) {
            throw ProblemLog.fatal(directory, "several days or samples: " + found,
                    "a day (trace.day) or one of these files as path");
        }
        return invocations.keySet().iterator().next();
    }

    /**
     * This day's group if it has a file, else that of the nearest numbered day, the earlier of two; or the group
     * itself.
     */
    private static String nearest(String group, Map<String, Path> files) {
        if (files.containsKey(group) || !group.matches("d\\d+")) {
            return group;
        }
        int day = Integer.parseInt(group.substring(1));
        List<String> days = new ArrayList<>(files.keySet());
        days.removeIf(g -> !g.matches("d\\d+"));
        return days.stream().min((a, b) -> Integer.compare(Math.abs(Integer.parseInt(a.substring(1)) - day),
                Math.abs(Integer.parseInt(b.substring(1)) - day))).orElse(group);
    }

    private static Map<String, Path> byGroup(Path directory, Kind kind) {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.sorted().forEach(file -> kind.group(file).ifPresent(group -> files.putIfAbsent(group, file)));
        } catch (IOException e) {
            throw ProblemLog.fatal(directory, "an unreadable directory (" + e.getMessage() + ")", "a readable one");
        }
        return files;
    }
}
