package sandglass.workload.arrival;

import java.util.List;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Function;
import sandglass.scenario.Load;

/**
 * Bursts at the times 0, gap, 2 gaps, …: the i-th invocation of a burst (from 0) is of function i modulo the number
 * of functions. Nothing is random.
 */
final class BurstArrivals implements ArrivalProcess {

    private final List<Function> functions;
    private final Load.Burst load;
    private int round;
    private int inRound = -1;

    BurstArrivals(Load.Burst load, List<Function> functions) {
        this.functions = functions;
        this.load = load;
    }

    @Override
    public List<Function> functions() {
        return functions;
    }

    @Override
    public boolean advance() {
        if (round == load.rounds()) {
            return false;
        }
        inRound++;
        if (inRound == load.size()) {
            inRound = 0;
            round++;
        }
        return round < load.rounds();
    }

    @Override
    public long timeNs() {
        return round * load.gapNs();
    }

    @Override
    public int function() {
        return inRound % functions.size();
    }

    @Override
    public long serviceNs() {
        return -1;
    }
}
