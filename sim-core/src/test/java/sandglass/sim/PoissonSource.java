package sandglass.sim;

import java.util.List;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.ArrivalSource;
import sandglass.scenario.Function;
import sandglass.scenario.Load;
import sandglass.scenario.Scenario;
import sandglass.scenario.Streams;
import sandglass.scenario.Uniforms;
import sandglass.unit.Distribution;

/** Arrivals of an open load, each of a function drawn uniformly. */
final class PoissonSource implements ArrivalSource {

    @Override
    public ArrivalProcess open(Scenario scenario, Streams streams) {
        return new Process(scenario.functions(), ((Load.Open) scenario.load()).gapNs(), streams.named("arrivals"),
            streams.named("functions"));
    }

    private static final class Process implements ArrivalProcess {

        private final List<Function> functions;
        private final Distribution gapNs;
        private final Uniforms gaps;
        private final Uniforms picks;
        private double timeNs;
        private int function;

        Process(List<Function> functions, Distribution gapNs, Uniforms gaps, Uniforms picks) {
            this.functions = functions;
            this.gapNs = gapNs;
            this.gaps = gaps;
            this.picks = picks;
        }

        @Override
        public List<Function> functions() {
            return functions;
        }

        @Override
        public boolean advance() {
            timeNs += gapNs.quantile(gaps.next());
            function = (int) (functions.size() * picks.next());
            return true;
        }

        @Override
        public long timeNs() {
            return (long) timeNs;
        }

        @Override
        public int function() {
            return function;
        }

        @Override
        public long serviceNs() {
            return -1;
        }
    }
}
