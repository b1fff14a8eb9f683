package sandglass.workload.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads one day of the Azure Functions 2019 trace (Shahrad et al., Serverless in the Wild, ATC 2020): invocations per
 * minute and function, joined with durations on (owner, app, function) and with memory on (owner, app). An app's memory
 * is divided evenly among those of its functions that the day's invocations name.
 */
final class Azure2019Reader {

    private static final List<String> PUBLISHED_ORDER = List.of("HashOwner", "HashApp", "HashFunction", "Trigger");

    private final ProblemLog problems = new ProblemLog();
    private final Quirks quirks = new Quirks();
    private final Azure2019Files files;

    /** A function's row among the invocations. */
    private record Invoked(String trigger, long invocations, long line) {}

    private Azure2019Reader(Azure2019Files files) {
        this.files = files;
    }

    /** @see TraceReader#read */
    static RecordedTrace read(Path path, int day) {
        Azure2019Files files = Azure2019Files.find(path, day);
        try {
            return new Azure2019Reader(files).read();
        } catch (IOException e) {
            throw ProblemLog.fatal(path, "a file that cannot be read (" + e + ")", "readable files");
        }
    }

    private RecordedTrace read() throws IOException {
        Map<FunctionKey, Azure2019Durations.Row> durations =
                new Azure2019Durations(files.durations(), problems, quirks).read();
        Optional<Azure2019Memory.Table> memory = Optional.empty();
        if (files.memory().isPresent()) {
            memory = Optional.of(new Azure2019Memory(files.memory().get(), problems, quirks).read());
            quirks.met(Quirk.MEMORY_OF_OTHER_DAY, files.memoryOfOtherDay() ? 1 : 0, files.memory().get(), 0, "");
        } else {
            quirks.met(Quirk.NO_MEMORY_FILE, files.invocations(), 0);
        }
        Map<FunctionKey, Invoked> invoked = new LinkedHashMap<>();
        try (CsvTable table = new CsvTable(files.invocations(), problems, quirks)) {
            MinuteColumns minutes = MinuteColumns.of(table, Set.copyOf(PUBLISHED_ORDER), problems, quirks);
            MinuteCounts.Builder counts = new MinuteCounts.Builder(minutes.length());
            readInvocations(table, minutes, counts, invoked);
            problems.throwIfAny();
            List<TracedFunction> functions = join(invoked, durations, memory);
            List<Path> read = new ArrayList<>(List.of(files.invocations(), files.durations()));
            files.memory().ifPresent(read::add);
            TraceFacts facts = new TraceFacts(read, functions, minutes.first(), minutes.length(), true,
                    memory.isPresent(),
                    Map.of(), quirks.list());
            return new RecordedTrace.Minutes(facts, counts.build());
        }
    }

    private void readInvocations(CsvTable table, MinuteColumns minutes, MinuteCounts.Builder counts,
            Map<FunctionKey, Invoked> invoked) {
        Path file = table.file();
        int owner = table.require("HashOwner");
        int app = table.require("HashApp");
        int function = table.require("HashFunction");
        int trigger = table.find("Trigger");
        if (trigger < 0) {
            quirks.met(Quirk.NO_TRIGGER, file, 1);
        }
        List<String> published = PUBLISHED_ORDER.stream().filter(table::has).toList();
        List<String> header = table.header();
        if (header.size() > published.size() && !header.subList(0, published.size()).equals(published)) {
            quirks.met(Quirk.COLUMN_ORDER, file, 1);
        }
        int[] row = new int[minutes.columns().length];
        while (table.next()) {
            long sum = 0;
            for (int i = 0; i < row.length; i++) {
                row[i] = table.count(minutes.columns()[i]);
                sum += row[i];
            }
            FunctionKey key = new FunctionKey(table.text(owner), table.text(app), table.text(function));
            String why = trigger < 0 ? "" : table.text(trigger).intern();
            int index = invoked.size();
            if (invoked.putIfAbsent(key, new Invoked(why, sum, table.line())) != null) {
                quirks.met(Quirk.DUPLICATE_FUNCTION, file, table.line());
                continue;
            }
            for (int i = 0; i < row.length; i++) {
                counts.add(index, minutes.minutes()[i], row[i]);
            }
            quirks.met(Quirk.IDLE_FUNCTION, sum == 0 ? 1 : 0, file, table.line(), "");
        }
    }

    private List<TracedFunction> join(Map<FunctionKey, Invoked> invoked,
            Map<FunctionKey, Azure2019Durations.Row> durations,
            Optional<Azure2019Memory.Table> memory) {
        Map<FunctionKey, Integer> functionsOfApp = new HashMap<>();
        for (FunctionKey key : invoked.keySet()) {
            functionsOfApp.merge(new FunctionKey(key.owner(), key.app(), ""), 1, Integer::sum);
        }
        List<TracedFunction> functions = new ArrayList<>(invoked.size());
        for (Map.Entry<FunctionKey, Invoked> entry : invoked.entrySet()) {
            FunctionKey key = entry.getKey();
            Invoked row = entry.getValue();
            Azure2019Durations.Row duration = durations.remove(key);
            noteDuration(row, duration, functions.size());
            OptionalLong memoryBytes = OptionalLong.empty();
            if (memory.isPresent()) {
                memoryBytes = memoryBytes(memory.get(), key, functionsOfApp);
                quirks.met(Quirk.NO_MEMORY, memoryBytes.isEmpty() ? 1 : 0, files.invocations(), row.line(), "");
            }
            functions.add(new TracedFunction(key.owner(), key.app(), key.function(), row.trigger(),
                    Optional.ofNullable(duration).map(Azure2019Durations.Row::duration), memoryBytes));
        }
        durations.values().stream().mapToLong(Azure2019Durations.Row::line).min()
                .ifPresent(line -> quirks.met(Quirk.UNKNOWN_DURATION, durations.size(), files.durations(), line, ""));
        memory.ifPresent(table -> noteUnknownMemory(table, invoked.keySet()));
        return functions;
    }

    private void noteDuration(Invoked row, Azure2019Durations.Row duration, int order) {
        if (duration == null) {
            quirks.met(Quirk.NO_DURATION, files.invocations(), row.line());
            return;
        }
        quirks.met(Quirk.ROW_ORDER, duration.order() == order ? 0 : 1, files.durations(), duration.line(), "");
        if (duration.count() >= 0 && duration.count() != row.invocations()) {
            quirks.met(Quirk.COUNT_DIFFERS, 1, files.durations(), duration.line(),
                    "Count " + Math.round(duration.count()) + ", minutes " + row.invocations());
        }
    }

    private static OptionalLong memoryBytes(Azure2019Memory.Table memory, FunctionKey key,
            Map<FunctionKey, Integer> functionsOfApp) {
        Double bytes = memory.bytes().get(memory.key(key));
        if (bytes == null) {
            return OptionalLong.empty();
        }
        int sharers = memory.perFunction() ? 1 : functionsOfApp.get(memory.key(key));
        return OptionalLong.of(Math.round(bytes / sharers));
    }

    private void noteUnknownMemory(Azure2019Memory.Table memory, Set<FunctionKey> invoked) {
        Map<FunctionKey, Long> unknown = new HashMap<>(memory.lines());
        invoked.forEach(key -> unknown.remove(memory.key(key)));
        unknown.values().stream().min(Long::compare).ifPresent(line ->
                quirks.met(Quirk.UNKNOWN_MEMORY, unknown.size(), files.memory().get(), line, ""));
    }
}
