package sandglass.kvm.stack;

import java.util.Map;
import java.util.TreeMap;
import sandglass.kvm.measure.ControlGroup;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.ProcessCounters;
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

    ContainerSandbox(ContainerStack stack) {
        this.stack = stack;
        container = new Container(stack);
        steps = container.making();
        long initNs = steps.get("interpreter").ns();
        startNs = Map.of(Phase.CREATE, steps.values().stream().mapToLong(Step::ns).sum() - initNs, Phase.INIT, initNs);
        stack.born(this);
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
        ControlGroup group = container.group();
        ProcessCounters before = ProcessCounters.ofWaiting(container.pid());
        Traffic trafficBefore = container.link().traffic();
        long cpuBeforeNs = group.cpuNs().orElse(0);
        Call call = container.runner().call(RunnerLink.request(source, event, stack.seed(Request.SEED_BYTES)),
                stack.config().timeLimit().toNanos(), stack.clockNs(), () -> "the container ended" + container.reason());
        if (!call.reusable()) {
            return call;
        }
        ProcessCounters counted = ProcessCounters.ofWaiting(container.pid()).since(before);
        Traffic traffic = container.link().traffic().since(trafficBefore);
        Map<String, Long> counts = new TreeMap<>(LiveProcess.counts(counted));
        counts.put("packets_received", traffic.receivedPackets());
        counts.put("packets_sent", traffic.sentPackets());
        counts.put("packet_bytes_received", traffic.receivedBytes());
        counts.put("packet_bytes_sent", traffic.sentBytes());
        counts.put("cpu_ns", group.cpuNs().orElse(0) - cpuBeforeNs);
        group.memoryBytes().ifPresent(bytes -> counts.put("cgroup_memory_bytes", bytes));
        group.peakMemoryBytes().ifPresent(bytes -> counts.put("cgroup_peak_memory_bytes", bytes));
        return call.withCounts(counts);
    }

    /** Kills it and makes another one. */
    @Override
    public Cleanup recycle() {
        long beginNs = stack.clockNs().getAsLong();
        container.remove();
        container = new Container(stack);
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
        container.remove();
        steps = container.ending();
        stack.gone(this);
    }
}
