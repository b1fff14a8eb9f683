package sandglass.sim;

import sandglass.calibration.Calibration;
import sandglass.result.RunResult;
import sandglass.run.Executor;
import sandglass.scenario.ArrivalSource;
import sandglass.scenario.Scenario;

/** Runs scenarios on the model in virtual time. Holds nothing of a run, so that replications may run side by side. */
public final class SimExecutor implements Executor {

    private final Calibration calibration;
    private final ArrivalSource arrivals;
    private final String version = Version.read();

    /**
     * @param calibration what everything costs
     * @param arrivals makes the arrivals of open loads, bursts and traces
     */
    public SimExecutor(Calibration calibration, ArrivalSource arrivals) {
        this.calibration = calibration;
        this.arrivals = arrivals;
    }

    @Override
    public String name() {
        return "sim";
    }

    /**
     * {@inheritDoc}
     *
     * @throws sandglass.calibration.MissingCostException if the calibration lacks a cost that the scenario needs
     * @throws IllegalArgumentException if the scenario's load and length do not fit
     */
    @Override
    public RunResult run(Scenario scenario, int replication) {
        return simulate(scenario, replication).result();
    }

    /**
     * Resolves everything that a scenario needs, without running it.
     *
     * @throws sandglass.calibration.MissingCostException naming every cost that the calibration lacks, one line each
     * @throws IllegalArgumentException if the scenario's load and length do not fit
     */
    public void check(Scenario scenario) {
        simulation(scenario, 0);
    }

    private Simulation simulation(Scenario scenario, int replication) {
        return new Simulation(scenario, replication, calibration, arrivals, version);
    }

    /** Runs one replication and keeps what is known about the simulation itself. */
    Simulation simulate(Scenario scenario, int replication) {
        Simulation simulation = simulation(scenario, replication);
        simulation.run();
        return simulation;
    }
}
