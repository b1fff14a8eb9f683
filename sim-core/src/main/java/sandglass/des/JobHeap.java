package sandglass.des;

import java.util.Arrays;

/** Jobs by the virtual time at which they finish, ties in the order of arrival. The index is kept in {@link Job#place}. */
final class JobHeap {

    private Job[] jobs = new Job[16];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** The job that finishes first; null if there is none. */
    Job first() {
        return jobs[0];
    }

    void add(Job job) {
        if (size == jobs.length) {
            jobs = Arrays.copyOf(jobs, 2 * size);
        }
        siftUp(size++, job);
    }

    void remove(Job job) {
        int at = job.place;
        Job last = jobs[--size];
        jobs[size] = null;
        if (last == job) {
            return;
        }
        if (at > 0 && precedes(last, jobs[(at - 1) / 2])) {
            siftUp(at, last);
        } else {
            siftDown(at, last);
        }
    }

    private void siftUp(int vacant, Job job) {
        int at = vacant;
        while (at > 0 && precedes(job, jobs[(at - 1) / 2])) {
            put(at, jobs[(at - 1) / 2]);
            at = (at - 1) / 2;
        }
        put(at, job);
    }

    private void siftDown(int vacant, Job job) {
        int at = vacant;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && precedes(jobs[child + 1], jobs[child])) {
                child++;
            }
            if (!precedes(jobs[child], job)) {
                break;
            }
            put(at, jobs[child]);
            at = child;
        }
        put(at, job);
    }

    private void put(int at, Job job) {
        jobs[at] = job;
        job.place = at;
    }

    private static boolean precedes(Job job, Job other) {
        return job.finish < other.finish || job.finish == other.finish && job.number < other.number;
    }
}
