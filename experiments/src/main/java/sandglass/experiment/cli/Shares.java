package sandglass.experiment.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import sandglass.experiment.cli.ValidationRow.Outcome;
import sandglass.experiment.cli.ValidationRow.Statistic;
import sandglass.result.Metrics;

/** What share of the rows agrees, by what was compared and by stack: where the simulator can be trusted. */
final class Shares {

    /**
     * Rows that have something in common.
     *
     * @param noisy how many of those that agree do so only within the noise
     */
    record Share(String group, Statistic statistic, long rows, long agree, long noisy) {

        String text() {
            return rows == 0 ? "" : String.format(Locale.ROOT, "%d of %d (%.0f %%)", agree, rows, 100.0 * agree / rows);
        }
    }

    static final List<String> HEAD = List.of("of which agree", "p50", "p99", "counts");

    private static final String MEMORY = "memory";
    private static final String COUNTS = "counts";
    /** What is neither a time nor memory, but has a tolerance of its own. */
    private static final String DECLARED = "declared";
    private static final Map<String, String> FAMILIES = Map.of(Metrics.WAIT.id(), "waits", Metrics.SERVICE.id(), "services",
            Metrics.RESPONSE.id(), "responses", Metrics.RECYCLE.id(), "recycling", Metrics.LIFESPAN.id(), "lifespans");
    private static final Map<String, String> PREFIXES = Map.of("start.", "starts", "memory.", MEMORY, "cpu.", "core time");

    private final Map<String, List<ValidationRow>> groups = new LinkedHashMap<>();

    private Shares() {}

    /** Of all rows, of each family of metrics, of each stack. */
    static Shares of(List<ValidationRow> rows) {
        Shares shares = new Shares();
        shares.groups.put("all", rows);
        shares.groups.put("times", rows.stream().filter(isTime()).toList());
        Map<String, List<ValidationRow>> families = new TreeMap<>();
        Map<String, List<ValidationRow>> stacks = new TreeMap<>();
        for (ValidationRow row : rows) {
            families.computeIfAbsent(family(row), any -> new ArrayList<>()).add(row);
            stacks.computeIfAbsent("on " + row.comparison().stack(), any -> new ArrayList<>()).add(row);
        }
        shares.groups.putAll(families);
        shares.groups.putAll(stacks);
        return shares;
    }

    private static Predicate<ValidationRow> isTime() {
        return row -> !List.of(MEMORY, COUNTS, DECLARED).contains(family(row));
    }

    private static String family(ValidationRow row) {
        if (row.statistic() == Statistic.COUNT) {
            return COUNTS;
        }
        return PREFIXES.entrySet().stream().filter(prefix -> row.id().startsWith(prefix.getKey())).map(Map.Entry::getValue).findFirst()
                .orElse(FAMILIES.getOrDefault(row.id(), DECLARED));
    }

    /** One line a group, as {@link #HEAD} names its cells. */
    List<List<String>> lines() {
        List<List<String>> lines = new ArrayList<>();
        groups.forEach((group, rows) -> {
            if (!rows.isEmpty()) {
                List<String> line = new ArrayList<>(List.of(group));
                for (Statistic statistic : Statistic.values()) {
                    line.add(share(group, rows, statistic).text());
                }
                lines.add(line);
            }
        });
        return lines;
    }

    /** The same for a script. */
    List<Map<String, Object>> objects() {
        List<Map<String, Object>> list = new ArrayList<>();
        groups.forEach((group, rows) -> {
            for (Statistic statistic : Statistic.values()) {
                Share share = share(group, rows, statistic);
                if (share.rows() > 0) {
                    Map<String, Object> one = new LinkedHashMap<>();
                    one.put("group", group);
                    one.put("statistic", ValidationText.kebab(statistic));
                    one.put("rows", share.rows());
                    one.put("agree", share.agree());
                    one.put("within_noise", share.noisy());
                    list.add(one);
                }
            }
        });
        return list;
    }

    private static Share share(String group, List<ValidationRow> rows, Statistic statistic) {
        List<ValidationRow> these = rows.stream().filter(row -> row.statistic() == statistic).toList();
        return new Share(group, statistic, these.size(), these.stream().filter(row -> row.outcome().agrees()).count(),
                these.stream().filter(row -> row.outcome() == Outcome.WITHIN_NOISE).count());
    }
}
