package sandglass.experiment.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sandglass.result.RunResult;

/** Says in one sentence how much of a trace was replayed. */
public final class TraceSentence {

    private TraceSentence() {}

    /** The sentence for the first run that replayed a trace; empty if none did. */
    public static Optional<String> of(List<RunResult> results) {
        return results.stream().map(RunResult::facts).filter(facts -> facts.containsKey("trace.held.invocations")).findFirst()
                .map(TraceSentence::text);
    }

    private static String text(Map<String, String> facts) {
        return "The trace holds " + amount(facts, "held.invocations") + " invocations of " + amount(facts, "held.functions") + " functions in "
                + amount(facts, "held.minutes") + " minutes; " + amount(facts, "replayed.invocations") + " of "
                + amount(facts, "replayed.functions") + " functions in " + amount(facts, "replayed.minutes") + " minutes were replayed, "
                + amount(facts, "dropped.invocations") + " of " + amount(facts, "dropped.functions")
                + " functions were dropped, and for want of data the durations of " + amount(facts, "imputed.durations")
                + " functions and the memory of " + amount(facts, "imputed.memories") + " were imputed.";
    }

    private static String amount(Map<String, String> facts, String name) {
        String text = facts.getOrDefault("trace." + name, "");
        return text.matches("\\d+") ? String.format(Locale.ROOT, "%,d", Long.parseLong(text)) : "an unknown number of";
    }
}
