package sandglass.experiment.claims;

import java.util.List;

/** One statement of the paper that can be checked. */
record Claim(String id, String paper, List<String> experiments, Check check) {

    /** Looks at results; throws {@link MissingEvidenceException} where one is not there. */
    @FunctionalInterface
    interface Check {
        Finding against(Evidence evidence);
    }

    /** What was found. */
    record Finding(String simulation, ClaimVerdict verdict) {}
}
