package sandglass.platform;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sandglass.scenario.Function;
import sandglass.scenario.Phase;

/** A runtime whose phases take the times it is told, on a host that holds so many bytes of its functions' memory. */
final class ScriptedRuntime implements SandboxRuntime {

    /** Times of all sandboxes, ns. */
    static final class Times {
        long createNs = 10;
        long readyNs;
        long recycleNs = 3;
        long evictNs;
        long capacityBytes = Long.MAX_VALUE;
        /** What a sandbox takes that gets its function's memory when it is assigned; negative: it has that from the start. */
        long unassignedBytes = -1;
        /** What a lying runtime adds to the phases it reports. */
        long lieNs;
        /** Sandboxes that die 1 ns after they were told to do this: start, run, recycle or evict. */
        final Map<Long, String> dies = new HashMap<>();
    }

    private final Times times;
    private final List<Function> functions;
    private final Timeline timeline;
    private final SandboxListener listener;
    private final List<String> log;
    private final Map<Long, Long> bytesOf = new HashMap<>();
    private long usedBytes;

    ScriptedRuntime(Times times, List<Function> functions, Timeline timeline, SandboxListener listener,
            List<String> log) {
        this.times = times;
        this.functions = functions;
        this.timeline = timeline;
        this.listener = listener;
        this.log = log;
    }

    private void log(String what, Sandbox sandbox) {
        log.add(timeline.nowNs() + " " + what + " " + sandbox.id());
    }

    private boolean dies(String verb, Sandbox sandbox) {
        if (!verb.equals(times.dies.get(sandbox.id()))) {
            return false;
        }
        after(1, () -> {
            take(sandbox, -bytesOf.get(sandbox.id()));
            log("die", sandbox);
            listener.failed(sandbox, "told to");
        });
        return true;
    }

    private void after(long ns, Runnable action) {
        timeline.timer(action).at(timeline.nowNs() + ns);
    }

    @Override
    public void start(Sandbox sandbox) {
        long bytes = times.unassignedBytes < 0 ? sandbox.madeFor().memoryBytes() : times.unassignedBytes;
        if (usedBytes + bytes > times.capacityBytes) {
            log("refuse", sandbox);
            listener.refused(sandbox);
            return;
        }
        take(sandbox, bytes);
        log("start", sandbox);
        if (dies("start", sandbox)) {
            return;
        }
        after(times.createNs, () -> {
            listener.phaseEnded(sandbox, Phase.CREATE, times.createNs + times.lieNs);
            listener.phaseEnded(sandbox, Phase.BOOT, 0);
            listener.phaseEnded(sandbox, Phase.INIT, 0);
            listener.started(sandbox);
        });
    }

    private void take(Sandbox sandbox, long bytes) {
        usedBytes += bytes;
        bytesOf.merge(sandbox.id(), bytes, Long::sum);
    }

    @Override
    public boolean admit(Sandbox sandbox, Invocation invocation) {
        boolean assigns = times.unassignedBytes >= 0 && sandbox.assigned() == null;
        long bytes = assigns ? functions.get(invocation.function).memoryBytes() : 0;
        if (usedBytes + bytes > times.capacityBytes) {
            return false;
        }
        take(sandbox, bytes);
        return true;
    }

    @Override
    public void run(Sandbox sandbox, Invocation invocation) {
        Function called = functions.get(invocation.function);
        Function assigned = sandbox.assigned();
        log("run " + called.name() + " on", sandbox);
        if (!called.runtime().equals(sandbox.madeFor().runtime())
            || assigned != null && !assigned.name().equals(called.name()) && !assigned.app().equals(called.app())) {
            throw new IllegalStateException(called.name() + " cannot run on " + sandbox + ", which belongs to "
                + assigned);
        }
        if (dies("run", sandbox)) {
            return;
        }
        if (sandbox.assigned() == null) {
            after(times.readyNs, () -> {
                listener.phaseEnded(sandbox, Phase.READY, times.readyNs);
                serve(sandbox, invocation);
            });
        } else {
            serve(sandbox, invocation);
        }
    }

    private void serve(Sandbox sandbox, Invocation invocation) {
        listener.running(sandbox, invocation);
        after(invocation.serviceNs, () -> {
            listener.phaseEnded(sandbox, Phase.RUN, invocation.serviceNs);
            listener.completed(sandbox, invocation);
        });
    }

    @Override
    public void recycle(Sandbox sandbox) {
        log("recycle", sandbox);
        if (dies("recycle", sandbox)) {
            return;
        }
        after(times.recycleNs, () -> {
            if (times.unassignedBytes >= 0) {
                take(sandbox, times.unassignedBytes - bytesOf.get(sandbox.id()));
            }
            listener.phaseEnded(sandbox, Phase.RECYCLE, times.recycleNs);
            listener.recycled(sandbox);
        });
    }

    @Override
    public void evict(Sandbox sandbox) {
        log("evict", sandbox);
        if (dies("evict", sandbox)) {
            return;
        }
        after(times.evictNs, () -> {
            take(sandbox, -bytesOf.get(sandbox.id()));
            listener.phaseEnded(sandbox, Phase.EVICT, times.evictNs);
            listener.evicted(sandbox);
        });
    }

    @Override
    public double sizeBytes(Sandbox sandbox) {
        return Math.max(1, sandbox.madeFor().memoryBytes());
    }

    @Override
    public void measuringBegins() {
        log.add(timeline.nowNs() + " measure");
    }

    @Override
    public void measuringEnds() {
        log.add(timeline.nowNs() + " end");
    }
}
