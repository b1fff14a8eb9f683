package sandglass.workload.arrival;

import java.util.List;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Function;
import sandglass.scenario.Load;
import sandglass.scenario.Streams;
import sandglass.scenario.Uniforms;
import sandglass.unit.Distribution;

/**
 * A renewal process without end: the first arrival comes one gap after the start of the run. Gaps are drawn from the
 * stream {@code arrivals}; with several functions each arrival draws one by Zipf's law from {@code functions}, the
 * first function of the scenario being the most frequent. Allocates nothing per arrival.
 */
final class OpenArrivals implements ArrivalProcess {

    private final List<Function> functions;
    private final Distribution gapNs;
    private final ZipfTable popularity;
    private final Uniforms gaps;
    private final Uniforms picks;
    /** Kept with its fraction of a nanosecond, so that the rate of short gaps is not biased by rounding each. */
    private double exactNs;
    private int function;

    OpenArrivals(Load.Open load, List<Function> functions, Streams streams) {
        this.functions = functions;
        this.gapNs = load.gapNs();
        this.popularity = new ZipfTable(functions.size(), load.zipfExponent());
        this.gaps = streams.named("arrivals");
        this.picks = streams.named("functions");
    }

    @Override
    public List<Function> functions() {
        return functions;
    }

    @Override
    public boolean advance() {
        exactNs += gapNs.quantile(gaps.next());
        if (functions.size() > 1) {
            function = popularity.rank(picks.next());
        }
        return true;
    }

    @Override
    public long timeNs() {
        return (long) exactNs;
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
