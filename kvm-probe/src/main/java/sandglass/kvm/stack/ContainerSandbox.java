package sandglass.kvm.stack;

import java.util.Map;
import java.util.TreeMap;
import sandglass.kvm.measure.CountedProcess;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.Smaps;
import sandglass.kvm.net.Traffic;
import sandglass.kvm.usf.Request;
import sandglass.scenario.Phase;

/** A container that runs functions. A container cannot be cleaned, so recycling it means another one in its place. */
final class ContainerSandbox implements PausableSandbox {

    private final ContainerStack stack;
    private final Map<Phase, Long> startNs;
    private Map<String, Step> steps;
    private Container container;
    private CountedProcess counted;
    private Traffic traffic = Traffic.NONE;
    private long cpuNs;

    ContainerSandbox(ContainerStack stack) {
        this.stack = stack;
        container = new Container(stack);
        steps = container.making();
        long initNs = steps.get("interpreter").ns();
        startNs = Map.of(Phase.CREATE, steps.values().stream().mapToLong(Step::ns).sum() - initNs, Phase.INIT, initNs);
        stack.born(this);
        count();
    }

    /** Between two calls a container only waits: what it did there belongs to the next. */
    private void count() {
        counted = new CountedProcess(container.pid(), stack.clockNs());
        traffic = container.link().traffic();
        cpuNs = container.group().cpuNs().orElse(0);
    }

    @Override
    public Map<Phase, Long> startNs() {
        return startNs;
    }

    @Override
    public Map<String, Step> steps() {
        return steps;
    }

    @Override
    public Call call(String source, String event) {
        Call call = container.runner().call(RunnerLink.request(source, event, stack.seed(Request.SEED_BYTES)),
                stack.config().timeLimit().toNanos(), stack.clockNs(), () -> "the container ended" + container.reason());
        if (!call.reusable()) {
            return call;
        }
        Map<String, Long> counts = new TreeMap<>(LiveProcess.counts(counted.next()));
        Traffic trafficNow = container.link().traffic();
        Traffic since = trafficNow.since(traffic);
        traffic = trafficNow;
        counts.put("packets_received", since.receivedPackets());
        counts.put("packets_sent", since.sentPackets());
        counts.put("packet_bytes_received", since.receivedBytes());
        counts.put("packet_bytes_sent", since.sentBytes());
        long cpuNowNs = container.group().cpuNs().orElse(cpuNs);
        counts.put("cpu_ns", cpuNowNs - cpuNs);
        cpuNs = cpuNowNs;
        return call.withCounts(counts);
    }

    /** Kills it and makes another one. */
    @Override
    public Cleanup recycle() {
        long beginNs = stack.clockNs().getAsLong();
        counted.close();
        container.remove();
        container = new Container(stack);
        count();
        return new Cleanup(-1, stack.clockNs().getAsLong() - beginNs);
    }

    /** Of its first process, which is where functions run. */
    @Override
    public Footprint footprint() {
        return Smaps.ofProcess(container.pid());
    }

    @Override
    public long pauseNs() {
        return container.pauseNs();
    }

    @Override
    public long resumeNs() {
        return container.resumeNs();
    }

    @Override
    public void close() {
        counted.close();
        container.remove();
        steps = container.ending();
        stack.gone(this);
    }
}
