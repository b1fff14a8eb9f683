package sandglass.kvm.worker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import sandglass.kvm.usf.UsfFactory;
import sandglass.kvm.usf.UsfPool;
import sandglass.kvm.usf.file.PackedImage;

/**
 * One pool of unikernels in as many worker processes as their number calls for. Any thread may invoke; the worker with
 * the fewest invocations under way serves. A worker that ends takes its own invocations with it and is replaced.
 */
public final class WorkerPool implements AutoCloseable {

    /** Between two looks at the host's memory. */
    private static final int BATCH = 50;

    private final WorkerPoolConfig config;
    private final PackedImage image;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** A worker and how many unikernels it is to have. */
    private record Member(WorkerProcess process, int usfs) {
    }

    /**
     * A pool without workers.
     *
     * @throws HostLimitException if a worker as configured does not fit this host's limits
     * @throws sandglass.kvm.usf.file.PythonImage.MissingRuntimeException without a usable Python
     */
    public WorkerPool(WorkerPoolConfig config) {
        HostLimits.ofThisHost().check(config.usfsPerWorker());
        this.config = config;
        this.image = PackedImage.of(UsfFactory.image(config.usf()));
    }

    /**
     * Adds unikernels, each of which has run a function and been recycled, in new workers, several of which are filled at a time.
     *
     * @param each told of every batch that has been made, one after another; what it throws ends the growth
     * @throws WorkerLostException if a worker cannot be started or cannot make them; those made remain
     */
    public void grow(int count, Consumer<List<UsfPool.Added>> each) {
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        Consumer<List<UsfPool.Added>> inTurn = batch -> {
            synchronized (failure) {
                if (failure.get() == null) {
                    each.accept(batch);
                }
            }
        };
        AtomicInteger left = new AtomicInteger(count);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < config.workersFilledAtATime(); i++) {
            Thread thread = new Thread(() -> {
                try {
                    for (int here = take(left); here > 0 && failure.get() == null; here = take(left)) {
                        WorkerProcess process = new WorkerProcess(config, image.path(), this::replace);
                        members.add(new Member(process, here));
                        fill(process, here, inTurn, failure);
                    }
                } catch (RuntimeException e) {
                    failure.compareAndSet(null, e);
                } catch (OutOfMemoryError e) {
                    failure.compareAndSet(null, new WorkerLostException("no memory left to start workers", e));
                }
            }, "worker-pool-grower");
            threads.add(thread);
            thread.start();
        }
        join(threads);
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    /** What the next worker is to have, 0 if nothing is left. */
    private int take(AtomicInteger left) {
        int before = left.getAndUpdate(n -> Math.max(0, n - config.usfsPerWorker()));
        return Math.min(before, config.usfsPerWorker());
    }

    private static void join(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes unikernels, until something has failed elsewhere. */
    private static void fill(WorkerProcess process, int usfs, Consumer<List<UsfPool.Added>> each, AtomicReference<?> failure) {
        for (int left = usfs; left > 0 && failure.get() == null; left -= BATCH) {
            each.accept(process.add(Math.min(left, BATCH)));
        }
    }

    private void replace(WorkerProcess gone) {
        for (Member member : members) {
            if (member.process == gone && members.remove(member) && !closed) {
                try {
                    replace(member);
                } catch (WorkerLostException e) {
                    if (!closed) {
                        throw e;
                    }
                }
            }
        }
    }

    private void replace(Member member) {
        WorkerProcess process = new WorkerProcess(config, image.path(), this::replace);
        synchronized (members) {
            if (closed) {
                process.close();
                return;
            }
            members.add(new Member(process, member.usfs));
        }
        fill(process, member.usfs, added -> { }, new AtomicReference<>());
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

    /** How many unikernels are idle; those of a worker that has just died are none. */
    public int idleCount() {
        return members.stream().mapToInt(WorkerPool::idleOf).sum();
    }

    private static int idleOf(Member member) {
        try {
            return member.process.idleCount();
        } catch (WorkerLostException e) {
            return 0;
        }
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
        image.close();
    }
}
