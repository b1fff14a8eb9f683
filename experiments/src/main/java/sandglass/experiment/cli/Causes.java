package sandglass.experiment.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sandglass.experiment.cli.ValidationRow.Outcome;
import sandglass.experiment.cli.ValidationRow.Statistic;
import sandglass.result.MetricComparison.Ratio;
import sandglass.result.Metrics;

/**
 * Why a row of a scenario disagrees. Times are made of others: a response of the wait and the service, a wait of starts and of queueing, a
 * cold start of its phases. Which of them is farthest off tells where to look.
 */
final class Causes {

    private static final Map<String, List<String>> PARTS = Map.of(
            Metrics.RESPONSE.id(), List.of(Metrics.WAIT.id(), Metrics.SERVICE.id()),
            Metrics.WAIT.id(), List.of(Metrics.START_COLD.id(), Metrics.START_POOLED.id()),
            Metrics.START_COLD.id(), List.of(Metrics.START_CREATE.id(), Metrics.START_BOOT.id(), Metrics.START_INIT.id()));
    private static final String ELSE = "else";

    private final List<ValidationRow> rows;
    private final String structure;

    /** @param rows all of one scenario */
    Causes(List<ValidationRow> rows) {
        this.rows = rows;
        this.structure = rows.stream().filter(row -> row.outcome() == Outcome.DIFFERENT).map(ValidationRow::id).distinct()
                .collect(Collectors.joining(", "));
    }

    /** The cause of a row's disagreement; nothing if it agrees. */
    String of(ValidationRow row) {
        if (row.outcome().agrees()) {
            return "";
        }
        if (!structure.isEmpty()) {
            return "wrong structure: " + structure;
        }
        return (row.outcome() == Outcome.UNDECIDED ? "too few samples; " : "") + cost(row);
    }

    private String cost(ValidationRow row) {
        Optional<String> part = farthestPart(row);
        if (part.isEmpty()) {
            boolean tail = row.statistic() == Statistic.P99
                    && find(row.id(), Statistic.P50).filter(median -> median.outcome().agrees()).isPresent();
            return tail ? "wrong spread: the median agrees" : "wrong cost";
        }
        if (!part.get().equals(ELSE)) {
            return "wrong cost: through " + part.get();
        }
        if (!row.id().equals(Metrics.WAIT.id())) {
            return "wrong cost: beside its phases";
        }
        Optional<ValidationRow> service = find(Metrics.SERVICE.id(), Statistic.P50).filter(found -> !found.outcome().agrees())
                .or(() -> find(Metrics.SERVICE.id(), Statistic.P99).filter(found -> !found.outcome().agrees()));
        return service.isPresent() ? "wrong cost: queueing, for which the service is off" : "wrong cost: queueing";
    }

    /** The part whose prediction is farthest from what was measured; nothing if the whole has no parts here. */
    private Optional<String> farthestPart(ValidationRow row) {
        double rest = row.ratio().map(Causes::excess).orElse(0.0);
        String farthest = ELSE;
        double most = 0;
        boolean any = false;
        for (String part : PARTS.getOrDefault(row.id(), List.of())) {
            Optional<Ratio> ratio = find(part, row.statistic()).flatMap(ValidationRow::ratio);
            if (ratio.isPresent()) {
                any = true;
                double excess = excess(ratio.get());
                rest -= excess;
                if (Math.abs(excess) > most) {
                    most = Math.abs(excess);
                    farthest = part;
                }
            }
        }
        boolean whole = row.id().equals(Metrics.RESPONSE.id());
        return any ? Optional.of(!whole && Math.abs(rest) > most ? ELSE : farthest) : Optional.empty();
    }

    private static double excess(Ratio ratio) {
        return ratio.a() - ratio.b();
    }

    private Optional<ValidationRow> find(String id, Statistic statistic) {
        return rows.stream().filter(row -> row.id().equals(id) && row.statistic() == statistic).findFirst();
    }
}
