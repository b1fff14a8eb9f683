package sandglass.experiment.store;

import sandglass.result.RunResult;

/**
 * What makes two runs the same run, so that a sweep need not repeat it.
 *
 * @param digest of the scenario
 * @param executor that ran it
 * @param calibration digest of the calibration; empty if none was used
 */
public record RunKey(String digest, long seed, int replication, String executor, String calibration) {

    public static RunKey of(RunResult result) {
        return new RunKey(result.digest(), result.seed(), result.replication(), result.executor(), result.provenance().calibration());
    }
}
