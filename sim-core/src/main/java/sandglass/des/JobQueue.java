package sandglass.des;

/** Waiting jobs, first come first served. Links run through the jobs, so joining and leaving anywhere is O(1). */
final class JobQueue {

    private Job first;
    private Job last;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return first == null;
    }

    void addLast(Job job) {
        job.previous = last;
        job.next = null;
        if (last == null) {
            first = job;
        } else {
            last.next = job;
        }
        last = job;
        size++;
    }

    /** The job that waits longest, removed; null if none waits. */
    Job poll() {
        Job job = first;
        if (job != null) {
            remove(job);
        }
        return job;
    }

    /** Removes a job that is in this queue. */
    void remove(Job job) {
        if (job.previous == null) {
            first = job.next;
        } else {
            job.previous.next = job.next;
        }
        if (job.next == null) {
            last = job.previous;
        } else {
            job.next.previous = job.previous;
        }
        job.previous = null;
        job.next = null;
        size--;
    }
}
