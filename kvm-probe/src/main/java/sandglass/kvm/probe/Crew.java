package sandglass.kvm.probe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that carry verbs out. Whoever became idle last is given the next task: its stack is in the caches still, and a virtual
 * processor that was run by it mostly meets it again. Tasks that find nobody idle wait in their order.
 */
public final class Crew implements Executor, AutoCloseable {

    private final List<Member> members = new ArrayList<>();
    private final Deque<Member> idle = new ArrayDeque<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final int most;
    private boolean ending;

    /**
     * @param ready how many threads there are from the start
     * @param most  how many there are at most: another is made when a task finds nobody idle
     */
    public Crew(int ready, int most) {
        this.most = most;
        for (int i = 0; i < ready; i++) {
            members.add(new Member());
        }
        idle.addAll(members);
        members.forEach(member -> member.thread.start());
    }

    /** One thread, and the task that it is to find when it wakes. */
    private final class Member {

        private final Thread thread = new Thread(this::work, "vcpu");
        private volatile Runnable task;

        Member() {
            thread.setDaemon(true);
        }

        private void work() {
            while (true) {
                Runnable next = task;
                if (next == null) {
                    if (isDone(this)) {
                        return;
                    }
                    LockSupport.park(Crew.this);
                    continue;
                }
                next.run();
                goOn(this);
            }
        }
    }

    /** A member has done its task: it takes the next, or is idle if nothing waits. */
    private synchronized void goOn(Member member) {
        member.task = waiting.poll();
        if (member.task == null) {
            idle.push(member);
        }
    }

    /** Whether nothing more will come to an idle member. */
    private synchronized boolean isDone(Member member) {
        return ending && member.task == null;
    }

    @Override
    public void execute(Runnable task) {
        Member member;
        synchronized (this) {
            if (ending) {
                throw new IllegalStateException("a task comes after the end");
            }
            member = idle.poll();
            if (member == null && members.size() == most) {
                waiting.add(task);
                return;
            }
            if (member == null) {
                member = new Member();
                member.task = task;
                members.add(member);
                member.thread.start();
                return;
            }
            member.task = task;
        }
        LockSupport.unpark(member.thread);
    }

    /**
     * Lets all threads end once they have done what they were given.
     *
     * @return whether they have within the limit
     */
    boolean end(long limit, TimeUnit unit) throws InterruptedException {
        close();
        long endNs = System.nanoTime() + unit.toNanos(limit);
        for (Member member : everybody()) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            member.thread.join(Math.max(1, leftMs));
            if (member.thread.isAlive()) {
                return false;
            }
        }
        return true;
    }

    /** Lets all threads end once they have done what they were given, and waits for none. */
    @Override
    public void close() {
        synchronized (this) {
            ending = true;
        }
        everybody().forEach(member -> LockSupport.unpark(member.thread));
    }

    private synchronized List<Member> everybody() {
        return List.copyOf(members);
    }
}
