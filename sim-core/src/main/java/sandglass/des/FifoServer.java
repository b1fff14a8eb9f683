package sandglass.des;

import java.util.ArrayList;
import java.util.List;
import sandglass.platform.Timeline;
import sandglass.platform.Timer;

/**
 * A queue, first come first served, before one or more equal servers: a disk, a link, a lock. When one becomes free, the
 * job that waits longest gets it before the finished job's {@code done} is called, so that call cannot overtake.
 */
public final class FifoServer {

    private final Timeline timeline;
    private final int servers;
    private final int queueLimit;
    private final List<Channel> channels = new ArrayList<>();
    private final JobQueue queue = new JobQueue();
    private final TimeAverage busy;
    private final TimeAverage waiting;
    private final Tally waitNs = new Tally();
    private Channel idle;
    private long arrivals;
    private long rejections;

    /** One server and a queue without limit. */
    public FifoServer(Timeline timeline) {
        this(timeline, 1, Integer.MAX_VALUE);
    }

    /**
     * @param servers how many jobs are served at once; {@link Integer#MAX_VALUE} for a delay without queueing
     * @param queueLimit most jobs that may wait; 0 for a loss system, {@link Integer#MAX_VALUE} for no limit
     */
    public FifoServer(Timeline timeline, int servers, int queueLimit) {
        if (servers < 1 || queueLimit < 0) {
            throw new IllegalArgumentException(
                "a server needs at least one channel and a limit of at least 0: " + servers + ", " + queueLimit);
        }
        this.timeline = timeline;
        this.servers = servers;
        this.queueLimit = queueLimit;
        busy = new TimeAverage(timeline);
        waiting = new TimeAverage(timeline);
    }

    /**
     * Serves the job for {@code serviceNs} as soon as a server is free, then calls its {@code done}, never before this
     * method returns.
     *
     * @return whether it was accepted; false if all servers are busy and as many wait as may
     * @throws IllegalStateException if the job is at a server already
     * @throws IllegalArgumentException if the service time is negative
     */
    public boolean start(Job job, long serviceNs) {
        boolean free = idle != null || channels.size() < servers;
        arrivals++;
        if (!free && queue.size() >= queueLimit) {
            rejections++;
            return false;
        }
        job.enter(this, serviceNs, arrivals, timeline.nowNs());
        if (free) {
            takeIdle().serve(job);
            busy.add(1);
        } else {
            queue.addLast(job);
            waiting.add(1);
        }
        return true;
    }

    /**
     * Takes a job away before it is done, waiting or in service, so that {@code done} is not called.
     *
     * @return the nanoseconds of service that remain
     * @throws IllegalStateException if the job is not here
     */
    public long remove(Job job) {
        job.requireAt(this);
        long remainingNs = job.remainingNs;
        if (job.place < 0) {
            queue.remove(job);
            waiting.add(-1);
        } else {
            Channel channel = channels.get(job.place);
            remainingNs = channel.endNs - timeline.nowNs();
            channel.timer.cancel();
            channel.serveNext();
        }
        job.leave();
        return remainingNs;
    }

    /** How many servers are busy. */
    public TimeAverage busy() {
        return busy;
    }

    /** How many jobs wait, those in service not included. */
    public TimeAverage waiting() {
        return waiting;
    }

    /** For each job that came into service, how long it had waited, in nanoseconds. */
    public Tally waitNs() {
        return waitNs;
    }

    /** How many jobs came, rejected ones included. */
    public long arrivals() {
        return arrivals;
    }

    /** How many jobs were turned away. */
    public long rejections() {
        return rejections;
    }

    private Channel takeIdle() {
        if (idle == null) {
            channels.add(new Channel(channels.size()));
            return channels.get(channels.size() - 1);
        }
        Channel channel = idle;
        idle = channel.nextIdle;
        return channel;
    }

    /** One of the servers. */
    private final class Channel {

        private final int number;
        private final Timer timer = timeline.timer(this::complete);
        private Job job;
        private long endNs;
        private Channel nextIdle;

        Channel(int number) {
            this.number = number;
        }

        void serve(Job next) {
            job = next;
            next.place = number;
            long nowNs = timeline.nowNs();
            endNs = nowNs + next.remainingNs;
            waitNs.add(nowNs - next.arrivedNs);
            timer.at(endNs);
        }

        private void complete() {
            Job finished = job;
            serveNext();
            finished.leave();
            finished.done.run();
        }

        private void serveNext() {
            Job next = queue.poll();
            if (next != null) {
                waiting.add(-1);
                serve(next);
            } else {
                busy.add(-1);
                job = null;
                nextIdle = idle;
                idle = this;
            }
        }
    }
}
