package sandglass.scenario;

/** Makes the arrival process of a scenario's load; closed loads and populations have none, since they follow the completions. */
@FunctionalInterface
public interface ArrivalSource {

    /**
     * A fresh process for one replication.
     *
     * @throws IllegalArgumentException if the scenario's load has no arrival process of its own
     */
    ArrivalProcess open(Scenario scenario, Streams streams);
}
