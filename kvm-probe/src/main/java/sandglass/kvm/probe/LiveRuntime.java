package sandglass.kvm.probe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.Smaps;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.platform.Invocation;
import sandglass.platform.Sandbox;
import sandglass.platform.SandboxListener;
import sandglass.platform.SandboxRuntime;
import sandglass.scenario.Phase;

/**
 * Carries sandboxes out for real. Verbs run on worker threads, which take the time stamps; reports run on the timeline's
 * thread, at the time of the stamp.
 */
final class LiveRuntime implements SandboxRuntime {

    /** Less than this is left to the host itself: then no sandbox is made. */
    private static final long RESERVE_BYTES = 512L << 20;
    private static final int MOST_FOOTPRINTS = 20;

    private final LiveStack stack;
    private final Programs programs;
    private final boolean warm;
    private final Executor workers;
    private final WallTimeline timeline;
    private final SandboxListener listener;
    private final LiveBooks books;
    private final Map<Sandbox, LiveSandbox> alive = new LinkedHashMap<>();
    private final Map<Sandbox, LiveSandbox> idle = new LinkedHashMap<>();
    private final long availableAtStartBytes = Smaps.availableBytes();
    private LiveBooks.Memory memory = new LiveBooks.Memory(List.of(), 0, 0);

    /** @param warm whether a sandbox is warmed before it counts as ready */
    LiveRuntime(LiveStack stack, Programs programs, boolean warm, Executor workers, WallTimeline timeline, SandboxListener listener,
            LiveBooks books) {
        this.stack = stack;
        this.programs = programs;
        this.warm = warm;
        this.workers = workers;
        this.timeline = timeline;
        this.listener = listener;
        this.books = books;
    }

    @Override
    public void start(Sandbox sandbox) {
        perform(sandbox, () -> {
            if (Smaps.availableBytes() < RESERVE_BYTES) {
                timeline.post(timeline.clockNs(), () -> listener.refused(sandbox));
                return;
            }
            LiveSandbox live = stack.create();
            timeline.post(timeline.clockNs(), () -> alive.put(sandbox, live));
            long createdNs = timeline.clockNs();
            Call call = warm ? live.warm() : null;
            long readyNs = timeline.clockNs();
            Map<Phase, Long> phases = live.startNs();
            timeline.post(readyNs, () -> {
                idle.put(sandbox, live);
                if (call != null) {
                    books.add(Phase.INIT, call);
                }
                listener.phaseEnded(sandbox, Phase.CREATE, phases.get(Phase.CREATE));
                listener.phaseEnded(sandbox, Phase.INIT, phases.getOrDefault(Phase.INIT, 0L) + readyNs - createdNs);
                listener.started(sandbox);
            });
        });
    }

    @Override
    public void run(Sandbox sandbox, Invocation invocation) {
        LiveSandbox live = idle.remove(sandbox);
        boolean assigns = sandbox.assigned() == null;
        String source = programs.source(invocation.function);
        String event = programs.event(invocation);
        long toldNs = timeline.nowNs();
        perform(sandbox, () -> {
            long beginNs = timeline.clockNs();
            timeline.post(beginNs, () -> {
                if (assigns) {
                    listener.phaseEnded(sandbox, Phase.READY, Math.max(0, beginNs - toldNs));
                }
                listener.running(sandbox, invocation);
            });
            Call call = live.call(source, event);
            long endNs = timeline.clockNs();
            if (!call.reusable()) {
                live.close();
            }
            timeline.post(endNs, () -> called(sandbox, live, invocation, call, endNs - beginNs));
        });
    }

    private void called(Sandbox sandbox, LiveSandbox live, Invocation invocation, Call call, long runNs) {
        books.add(Phase.RUN, call);
        if (call.reusable()) {
            idle.put(sandbox, live);
            listener.phaseEnded(sandbox, Phase.RUN, runNs);
            listener.completed(sandbox, invocation);
        } else {
            alive.remove(sandbox);
            listener.failed(sandbox, call.error());
        }
    }

    @Override
    public void recycle(Sandbox sandbox) {
        LiveSandbox live = idle.remove(sandbox);
        perform(sandbox, () -> {
            long beginNs = timeline.clockNs();
            LiveSandbox.Cleanup cleanup = live.recycle();
            long endNs = timeline.clockNs();
            timeline.post(endNs, () -> {
                idle.put(sandbox, live);
                books.dirty(cleanup.dirtyPages());
                listener.phaseEnded(sandbox, Phase.RECYCLE, endNs - beginNs);
                listener.recycled(sandbox);
            });
        });
    }

    @Override
    public void evict(Sandbox sandbox) {
        idle.remove(sandbox);
        LiveSandbox live = alive.remove(sandbox);
        perform(sandbox, () -> {
            long beginNs = timeline.clockNs();
            live.close();
            long endNs = timeline.clockNs();
            timeline.post(endNs, () -> {
                listener.phaseEnded(sandbox, Phase.EVICT, endNs - beginNs);
                listener.evicted(sandbox);
            });
        });
    }

    /** Whatever a worker throws reaches the platform: it would wait for ever otherwise. */
    private void perform(Sandbox sandbox, Runnable verb) {
        workers.execute(() -> {
            try {
                verb.run();
            } catch (RuntimeException e) {
                timeline.post(timeline.clockNs(), () -> {
                    idle.remove(sandbox);
                    LiveSandbox live = alive.remove(sandbox);
                    if (live != null) {
                        live.close();
                    }
                    listener.failed(sandbox, e.toString());
                });
            }
        });
    }

    @Override
    public void measuringBegins() {
        books.restart();
    }

    @Override
    public void measuringEnds() {
        List<Footprint> footprints = idle.values().stream().limit(MOST_FOOTPRINTS).map(LiveSandbox::footprint).toList();
        memory = new LiveBooks.Memory(footprints, availableAtStartBytes - Smaps.availableBytes(), alive.size());
    }

    /** What the sandboxes took at the end of the measured time. */
    LiveBooks.Memory memory() {
        return memory;
    }

    /** Destroys what is left after a run that broke off; the workers must have ended. */
    void closeAll() {
        alive.values().forEach(LiveSandbox::close);
        alive.clear();
    }
}
