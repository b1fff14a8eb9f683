package sandglass.platform;

import java.util.List;
import sandglass.run.SsjStreams;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Function;
import sandglass.scenario.Uniforms;
import sandglass.unit.Distribution;

/** So many Poisson arrivals of one function, each with a service time of its own. */
final class PoissonCalls implements ArrivalProcess {

    private final List<Function> functions;
    private final Distribution gapNs;
    private final Distribution serviceNs;
    private final Uniforms gaps;
    private final Uniforms services;
    private int left;
    private long timeNs;
    private long service;

    PoissonCalls(World world, double meanGapNs, Distribution serviceNs, int count) {
        if (world.functions.isEmpty()) {
            world.functions("f");
        }
        this.functions = world.functions;
        this.gapNs = new Distribution.Exponential(meanGapNs);
        this.serviceNs = serviceNs;
        SsjStreams streams = new SsjStreams(world.seed, 0);
        this.gaps = streams.named("gaps");
        this.services = streams.named("services");
        this.left = count;
    }

    @Override
    public List<Function> functions() {
        return functions;
    }

    @Override
    public boolean advance() {
        timeNs += Math.round(gapNs.quantile(gaps.next()));
        service = Math.round(serviceNs.quantile(services.next()));
        return left-- > 0;
    }

    @Override
    public long timeNs() {
        return timeNs;
    }

    @Override
    public int function() {
        return 0;
    }

    @Override
    public long serviceNs() {
        return service;
    }
}
