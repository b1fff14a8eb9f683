package sandglass.kvm.probe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import sandglass.kvm.measure.Clocks;
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
 * thread, at the time of the stamp. The hand-over from the one to the other belongs to the phase that it begins.
 */
final class LiveRuntime implements SandboxRuntime {

    /** Less than this is left to the host itself: then no sandbox is made. */
    private static final long RESERVE_BYTES = 512L << 20;
    private static final int MOST_FOOTPRINTS = 20;

    private final LiveStack stack;
    private final Programs programs;
    private final boolean warm;
    private final boolean cut;
    private final Executor workers;
    private final WallTimeline timeline;
    private final SandboxListener listener;
    private final LiveBooks books;
    /** Null if nothing is scanned. */
    private final Merging merging;
    private final Map<Sandbox, LiveSandbox> alive = new LinkedHashMap<>();
    private final Map<Sandbox, LiveSandbox> idle = new LinkedHashMap<>();
    private final Set<LiveSandbox> served = new HashSet<>();
    private final Map<LiveSandbox, Long> ownCpuNs = new HashMap<>();
    private final long availableAtStartBytes = Smaps.availableBytes();
    private volatile boolean hasRoom = true;
    private LiveStack.Polling pollingBefore = LiveStack.Polling.NONE;
    private LiveStack.Polling polling = LiveStack.Polling.NONE;
    private LiveBooks.Memory memory = new LiveBooks.Memory(List.of(), 0, 0);

    /**
     * @param warm    whether a sandbox is warmed before it counts as ready
     * @param cut     whether what is under way when the measured time ends does not count
     * @param merging told when the measured time begins and ends; null if nothing is scanned
     */
    LiveRuntime(LiveStack stack, Programs programs, boolean warm, boolean cut, Executor workers, WallTimeline timeline, SandboxListener listener,
            LiveBooks books, Merging merging) {
        this.merging = merging;
        this.stack = stack;
        this.programs = programs;
        this.warm = warm;
        this.cut = cut;
        this.workers = workers;
        this.timeline = timeline;
        this.listener = listener;
        this.books = books;
    }

    @Override
    public void start(Sandbox sandbox) {
        long toldNs = timeline.dueNs();
        perform(sandbox, () -> {
            long handedOverNs = Math.max(0, timeline.clockNs() - toldNs);
            if (!hasRoom) {
                timeline.post(timeline.clockNs(), () -> listener.refused(sandbox));
                return;
            }
            long cpuNs = Clocks.threadCpuNs();
            LiveSandbox live = stack.create();
            timeline.post(timeline.clockNs(), () -> alive.put(sandbox, live));
            long createdNs = timeline.clockNs();
            Call call = warm ? live.warm() : null;
            long readyNs = timeline.clockNs();
            Map<Phase, Long> phases = live.startNs();
            long spentNs = Clocks.threadCpuNs() - cpuNs;
            timeline.post(readyNs, () -> {
                books.cpu(spentNs);
                idle.put(sandbox, live);
                if (call != null) {
                    books.add(Phase.INIT, call, true);
                }
                listener.phaseEnded(sandbox, Phase.CREATE, handedOverNs + phases.get(Phase.CREATE));
                if (phases.containsKey(Phase.BOOT)) {
                    listener.phaseEnded(sandbox, Phase.BOOT, phases.get(Phase.BOOT));
                }
                listener.phaseEnded(sandbox, Phase.INIT, phases.getOrDefault(Phase.INIT, 0L) + (call == null ? 0 : readyNs - createdNs));
                listener.started(sandbox);
            });
            // Looked at here for the next one, whose start it would lengthen.
            hasRoom = Smaps.availableBytes() >= RESERVE_BYTES;
        });
    }

    @Override
    public void run(Sandbox sandbox, Invocation invocation) {
        LiveSandbox live = idle.remove(sandbox);
        long toldNs = timeline.dueNs();
        perform(sandbox, () -> {
            long beginNs = timeline.clockNs();
            timeline.post(beginNs, () -> {
                listener.phaseEnded(sandbox, Phase.READY, Math.max(0, beginNs - toldNs));
                listener.running(sandbox, invocation);
            });
            // The event is written down here, where no invocation waits for it: a call's time begins with its delivery.
            String event = programs.event(invocation);
            long cpuNs = Clocks.threadCpuNs();
            Call call = live.call(programs.source(invocation.function), event, programs.imports(invocation.function));
            // Counters are read after the call's end, which is not part of it.
            long endNs = beginNs + call.runNs();
            long spentNs = Clocks.threadCpuNs() - cpuNs;
            if (!call.reusable()) {
                live.close();
            }
            timeline.post(endNs, () -> {
                books.cpu(spentNs);
                called(sandbox, live, invocation, call, endNs - beginNs);
            });
        });
    }

    private void called(Sandbox sandbox, LiveSandbox live, Invocation invocation, Call call, long runNs) {
        books.add(Phase.RUN, call, invocation.isCounted());
        if (call.reusable()) {
            idle.put(sandbox, live);
            served.add(live);
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
        long toldNs = timeline.clockNs();
        perform(sandbox, () -> {
            long cpuNs = Clocks.threadCpuNs();
            LiveSandbox.Cleanup cleanup = live.recycle();
            long endNs = timeline.clockNs();
            long spentNs = Clocks.threadCpuNs() - cpuNs;
            timeline.post(endNs, () -> {
                books.cpu(spentNs);
                idle.put(sandbox, live);
                books.dirty(cleanup.dirtyPages());
                listener.phaseEnded(sandbox, Phase.RECYCLE, Math.max(0, endNs - toldNs));
                listener.recycled(sandbox);
            });
        });
    }

    @Override
    public void evict(Sandbox sandbox) {
        idle.remove(sandbox);
        LiveSandbox live = alive.remove(sandbox);
        long toldNs = timeline.clockNs();
        perform(sandbox, () -> {
            long cpuNs = Clocks.threadCpuNs();
            long ownNs = live.cpuNs();
            live.close();
            long endNs = timeline.clockNs();
            long spentNs = Clocks.threadCpuNs() - cpuNs;
            timeline.post(endNs, () -> {
                books.cpu(spentNs);
                account(live, ownNs);
                ownCpuNs.remove(live);
                served.remove(live);
                listener.phaseEnded(sandbox, Phase.EVICT, Math.max(0, endNs - toldNs));
                listener.evicted(sandbox);
            });
        });
    }

    /** What a sandbox itself has used since the measured time began, or since it was made; looked at only where nobody waits for it. */
    private void account(LiveSandbox live, long ownNs) {
        books.cpu(ownNs < 0 ? -1 : Math.max(0, ownNs - ownCpuNs.getOrDefault(live, 0L)));
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
        if (merging != null) {
            merging.begin();
        }
        pollingBefore = stack.polling();
        idle.values().forEach(live -> ownCpuNs.put(live, live.cpuNs()));
    }

    @Override
    public void measuringEnds() {
        if (merging != null) {
            merging.end();
        }
        idle.values().forEach(live -> account(live, live.cpuNs()));
        books.close(cut);
        List<LiveSandbox> used = idle.values().stream().filter(served::contains).toList();
        List<Footprint> footprints = some(used.isEmpty() ? List.copyOf(idle.values()) : used).stream().map(LiveSandbox::footprint).toList();
        LiveStack.Polling now = stack.polling();
        polling = new LiveStack.Polling(now.lookingNs() - pollingBefore.lookingNs(), now.servingNs() - pollingBefore.servingNs());
        memory = new LiveBooks.Memory(footprints, availableAtStartBytes - Smaps.availableBytes(), alive.size());
    }

    /** At most twenty of them, evenly spread: reading one takes milliseconds. */
    private static List<LiveSandbox> some(List<LiveSandbox> all) {
        int n = Math.min(MOST_FOOTPRINTS, all.size());
        return IntStream.range(0, n).mapToObj(i -> all.get((int) ((long) i * all.size() / n))).toList();
    }

    /** What polling took during the measured time. */
    LiveStack.Polling polling() {
        return polling;
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
