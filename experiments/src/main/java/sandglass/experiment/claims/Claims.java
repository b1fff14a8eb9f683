package sandglass.experiment.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sandglass.result.RunResult;

/** The registry of claims, and their table. */
public final class Claims {

    private static final Map<String, Claim> BY_ID = Stream.of(StartClaims.all(), DataPathClaims.all(), MemoryClaims.all())
            .flatMap(List::stream).collect(Collectors.toUnmodifiableMap(Claim::id, Function.identity()));

    private Claims() {}

    /** Whether there is a claim of this id. */
    public static boolean exists(String id) {
        return BY_ID.containsKey(id);
    }

    /**
     * Holds claims against results.
     *
     * @param ids for example {@code C1}; each must exist
     * @param byExperiment results by the name of their experiment
     * @param measured recorded results of the molecules; empty if there are none
     * @return a row for each id, in order
     */
    public static List<ClaimRow> check(List<String> ids, Map<String, List<RunResult>> byExperiment, List<RunResult> measured) {
        List<ClaimRow> rows = new ArrayList<>();
        for (String id : ids) {
            Claim claim = BY_ID.get(id);
            if (claim == null) {
                throw new IllegalArgumentException("no claim '" + id + "'; there are " + BY_ID.keySet().stream().sorted().toList());
            }
            rows.add(check(claim, new Evidence(byExperiment), MeasuredClaims.of(id, measured)));
        }
        return rows;
    }

    private static ClaimRow check(Claim claim, Evidence evidence, MeasuredFinding measured) {
        try {
            Claim.Finding finding = claim.check().against(evidence);
            return new ClaimRow(claim.id(), claim.paper(), finding.simulation(), measured, finding.verdict(), evidence.restsOn());
        } catch (MissingEvidenceException e) {
            return new ClaimRow(claim.id(), claim.paper(), e.getMessage(), measured, ClaimVerdict.CANNOT_TELL,
                    "needs " + String.join(", ", claim.experiments()));
        }
    }
}
