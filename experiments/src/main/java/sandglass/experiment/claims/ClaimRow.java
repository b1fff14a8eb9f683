package sandglass.experiment.claims;

/**
 * One row of the claims table.
 *
 * @param id C1 to C10
 * @param paper what the paper says
 * @param simulation what the simulation says, with intervals
 * @param measured what recorded measurements of a real host say
 * @param restsOn which experiments and whose numbers the finding rests on
 */
public record ClaimRow(String id, String paper, String simulation, MeasuredFinding measured, ClaimVerdict verdict, String restsOn) {}
