package sandglass.kvm.worker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import sandglass.kvm.usf.UsfPool;

/**
 * One pool of unikernels in as many worker processes as their number calls for. Any thread may invoke; the worker with
 * the fewest invocations under way serves. A worker that ends takes its own invocations with it and is replaced.
 */
public final class WorkerPool implements AutoCloseable {

    /** Between two looks at the host's memory. */
    private static final int BATCH = 50;

    private final WorkerPoolConfig config;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** A worker and how many unikernels it is to have. */
    private record Member(WorkerProcess process, int usfs) {
    }

    /**
     * A pool without workers.
     *
     * @throws HostLimitException if a worker as configured does not fit this host's limits
     */
    public WorkerPool(WorkerPoolConfig config) {
        HostLimits.ofThisHost().check(config.usfsPerWorker());
        this.config = config;
    }

    /**
     * Adds unikernels, each of which has run a function and been recycled, in new workers.
     *
     * @param each told of every batch that has been made, in order; what it throws ends the growth
     * @throws WorkerLostException if a worker cannot be started or cannot make them; those made remain
     */
    public void grow(int count, Consumer<List<UsfPool.Added>> each) {
        for (int left = count; left > 0; left -= config.usfsPerWorker()) {
            int here = Math.min(left, config.usfsPerWorker());
            WorkerProcess process = new WorkerProcess(config, this::replace);
            members.add(new Member(process, here));
            fill(process, here, each);
        }
    }

    private static void fill(WorkerProcess process, int usfs, Consumer<List<UsfPool.Added>> each) {
        for (int left = usfs; left > 0; left -= BATCH) {
            each.accept(process.add(Math.min(left, BATCH)));
        }
    }

    private void replace(WorkerProcess gone) {
        for (Member member : members) {
            if (member.process == gone && members.remove(member) && !closed) {
                WorkerProcess process = new WorkerProcess(config, this::replace);
                synchronized (members) {
                    if (closed) {
                        process.close();
                        return;
                    }
                    members.add(new Member(process, member.usfs));
                }
                fill(process, member.usfs, added -> { });
            }
        }
    }

    /**
     * Runs a function in a unikernel of the pool.
     *
     * @param source Python with {@code def handler(event, etl)}
     * @param event  JSON
     * @throws WorkerLostException if the worker ended meanwhile; whether the function had its effects is unknown
     */
    public Answered invoke(String source, String event) {
        WorkerProcess least = members.stream().map(Member::process).filter(process -> !process.isLost())
                .min(Comparator.comparingInt(WorkerProcess::load))
                .orElseThrow(() -> new WorkerLostException("the pool has no worker"));
        return least.invoke(Frame.Kind.INVOKE, source, event);
    }

    /**
     * Runs a function once in every idle unikernel of the pool, one after another.
     *
     * @param each told of every invocation
     * @return how many there were
     */
    public int invokeOnEach(String source, String event, Consumer<Answered> each) {
        int total = 0;
        for (Member member : members) {
            int idle = member.process.idleCount();
            for (int i = 0; i < idle; i++) {
                each.accept(member.process.invoke(Frame.Kind.INVOKE_ON_OLDEST, source, event));
            }
            total += idle;
        }
        return total;
    }

    /** How many unikernels are idle. */
    public int idleCount() {
        return members.stream().mapToInt(member -> member.process.idleCount()).sum();
    }

    /** How many requests to workers are under way. */
    public int busy() {
        return members.stream().mapToInt(member -> member.process.load()).sum();
    }

    /** The numbers of the worker processes. */
    public List<Long> pids() {
        return members.stream().map(member -> member.process.pid()).toList();
    }

    /** How long each worker took to boot, warm and freeze its template, in ns. */
    public LongStream templateNs() {
        return members.stream().mapToLong(member -> member.process.templateNs());
    }

    /** Ends all workers and waits for their end; nothing is left of them. */
    @Override
    public void close() {
        List<Member> last;
        synchronized (members) {
            closed = true;
            last = new ArrayList<>(members);
            members.clear();
        }
        last.forEach(member -> member.process.close());
    }
}
