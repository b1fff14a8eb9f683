package sandglass.run;

import sandglass.result.RunResult;
import sandglass.scenario.Scenario;

/** Turns a scenario into a result. Replications are independent and may run at the same time. */
public interface Executor {

    /** {@code sim}, {@code probe} or {@code recorded}. */
    String name();

    /**
     * Runs one replication.
     *
     * @param replication number from 0; the same number gives the same random streams
     * @throws UnsupportedHereException if this host lacks something the scenario needs
     */
    RunResult run(Scenario scenario, int replication) throws UnsupportedHereException;
}
