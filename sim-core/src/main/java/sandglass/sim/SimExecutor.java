package sandglass.sim;

import sandglass.calibration.Calibration;
import sandglass.result.RunResult;
import sandglass.run.Executor;
import sandglass.scenario.ArrivalSource;
import sandglass.scenario.Length;
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
        return new Simulation(scenario, replication, replication, calibration, arrivals, version);
    }

    /**
     * The same simulator with more replications than a scenario has, for a prediction that does not hang on its own draws of costs: those beyond
     * the scenario's have its workloads again, in turn, and other costs.
     */
    public Executor redrawing() {
        return new Executor() {
            @Override public String name() {
                return SimExecutor.this.name();
            }

            @Override public RunResult run(Scenario scenario, int replication) {
                int workloads = scenario.length().repeat() instanceof Length.Repeat.Replications of ? of.count() : Integer.MAX_VALUE;
                Simulation simulation = new Simulation(scenario, replication % workloads, replication, calibration, arrivals, version);
                simulation.run();
                return simulation.result();
            }
        };
    }

    /** Runs one replication and keeps what is known about the simulation itself. */
    Simulation simulate(Scenario scenario, int replication) {
        Simulation simulation = simulation(scenario, replication);
        simulation.run();
        return simulation;
    }
}
