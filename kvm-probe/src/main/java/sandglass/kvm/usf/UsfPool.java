package sandglass.kvm.usf;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import sandglass.kvm.sys.PrivatePages;
import sandglass.kvm.usf.file.Assignment;

/**
 * Unikernels that wait for functions. Any thread may invoke; the newest idle unikernel serves, and one is made when
 * none is idle. A unikernel is recycled before it becomes idle again; one that had to be killed is replaced.
 */
public final class UsfPool implements AutoCloseable {

    /** For a function of ours, whatever the functions of others may take, and however busy the host is. */
    private static final Duration TOUCH_LIMIT = Duration.ofSeconds(60);

    private final UsfFactory factory;
    private final LongSupplier clockNs;
    private final ConcurrentLinkedDeque<Usf> idle = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedQueue<Workspace> workspaces = new ConcurrentLinkedQueue<>();

    /** Buffers that one recycling needs, lent to one thread at a time. */
    private record Workspace(PrivatePages scanner, PageRuns runs) {
    }

    /**
     * One invocation with all that it caused.
     *
     * @param createNs  time to make the unikernel, 0 if one was idle
     * @param recycling what it took to clean up, or null if the unikernel was thrown away
     */
    public record Served(Invocation invocation, long createNs, Recycling recycling) {
    }

    /**
     * What it took to add a unikernel.
     *
     * @param createNs   time to make it
     * @param firstRunNs time of its first function
     */
    public record Added(long createNs, long firstRunNs) {
    }

    /** A pool without idle unikernels. */
    public UsfPool(UsfFactory factory, LongSupplier clockNs) {
        this.factory = factory;
        this.clockNs = clockNs;
    }

    /**
     * Makes unikernels until so many are idle. Each runs one trivial function and is recycled: that brings the pages
     * that every function touches into the new machine's translations, so the first real function finds it warm.
     */
    public void prewarm(int count) {
        while (idle.size() < count) {
            add();
        }
    }

    /** Makes one more idle unikernel, warm as {@link #prewarm} says. */
    public Added add() {
        long startNs = clockNs.getAsLong();
        Usf usf = factory.create();
        long createNs = clockNs.getAsLong() - startNs;
        try {
            Invocation first = touch(usf);
            recycle(usf);
            idle.push(usf);
            return new Added(createNs, first.runNs());
        } catch (RuntimeException e) {
            usf.close();
            throw e;
        }
    }

    private static Invocation touch(Usf usf) {
        Invocation first = usf.invoke(UsfFactory.TRIVIAL_FUNCTION, UsfFactory.TRIVIAL_EVENT, Assignment.NONE, TOUCH_LIMIT);
        if (!first.outcome().equals(new Outcome.Result(UsfFactory.TRIVIAL_RESULT))) {
            throw new IllegalStateException("a new unikernel answered " + first.outcome());
        }
        return first;
    }

    /** How many unikernels are idle. */
    public int idleCount() {
        return idle.size();
    }

    /**
     * Runs a function in a unikernel of the pool.
     *
     * @param source Python with {@code def handler(event, etl)}
     * @param event  JSON
     */
    public Served invoke(String source, String event) {
        return invoke(source, event, Assignment.NONE);
    }

    /**
     * Runs a function in a unikernel of the pool.
     *
     * @param assignment what the function gets beside its event
     */
    public Served invoke(String source, String event, Assignment assignment) {
        return serve(idle.poll(), source, event, assignment, factory.timeLimit());
    }

    /**
     * Runs a function in a unikernel of the pool.
     *
     * @param timeLimit how long it may take, in place of the configuration's
     */
    public Served invoke(String source, String event, Assignment assignment, Duration timeLimit) {
        return serve(idle.poll(), source, event, assignment, timeLimit);
    }

    /**
     * Looks at the unikernel that became idle last, if there is one: whether the functions it has run left anything behind.
     *
     * @param secrets as for {@link Usf#residue}
     */
    public Optional<Residue> inspectNewest(List<String> secrets) {
        Usf usf = idle.poll();
        if (usf == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(usf.residue(secrets));
        } finally {
            idle.push(usf);
        }
    }

    /**
     * Like {@link #invoke}, but by the unikernel that has been idle longest: as many calls as there are idle ones reach
     * each of them.
     */
    public Served invokeOnOldest(String source, String event) {
        return serve(idle.pollLast(), source, event, Assignment.NONE, factory.timeLimit());
    }

    private Served serve(Usf idleOne, String source, String event, Assignment assignment, Duration timeLimit) {
        long createNs = 0;
        Usf usf = idleOne;
        if (usf == null) {
            long startNs = clockNs.getAsLong();
            usf = factory.create();
            createNs = clockNs.getAsLong() - startNs;
        }
        Invocation invocation;
        Recycling recycling = null;
        try {
            invocation = usf.invoke(source, event, assignment, timeLimit);
            recycling = invocation.isReusable() ? recycle(usf) : null;
        } finally {
            if (recycling == null) {
                usf.close();
            }
        }
        if (recycling != null) {
            idle.push(usf);
        }
        return new Served(invocation, createNs, recycling);
    }

    /** Puts a unikernel back into the template's state. One that gives large pages back for it runs a trivial function besides. */
    public Recycling recycle(Usf usf) {
        Workspace workspace = workspaces.poll();
        if (workspace == null) {
            workspace = new Workspace(PrivatePages.open(), new PageRuns());
        }
        try {
            boolean givesBack = usf.hasLargePages();
            Recycling recycling = usf.recycle(workspace.scanner, workspace.runs);
            if (!givesBack) {
                return recycling;
            }
            long startNs = clockNs.getAsLong();
            touch(usf);
            usf.recycle(workspace.scanner, workspace.runs);
            return new Recycling(recycling.copiedPages(), recycling.droppedPages(), recycling.elapsedNs() + clockNs.getAsLong() - startNs);
        } finally {
            workspaces.add(workspace);
        }
    }

    /** Closes all idle unikernels; nothing may be running. */
    @Override
    public void close() {
        idle.forEach(Usf::close);
        idle.clear();
        workspaces.forEach(workspace -> workspace.scanner.close());
        workspaces.clear();
    }
}
