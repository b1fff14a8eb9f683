package sandglass.des;

/** Cores that jobs share. Work is the time that a job would take on a core of its own. */
public interface Processor {

    /**
     * Begins to work on a job; its {@code done} is called once it has had {@code workNs} of a core, never before this
     * method returns.
     *
     * @throws IllegalStateException if the job is at a server already
     * @throws IllegalArgumentException if the work is negative
     */
    void start(Job job, long workNs);

    /**
     * Takes a job away before it is done, so that {@code done} is not called.
     *
     * @return the nanoseconds of work that remain
     * @throws IllegalStateException if the job is not here
     */
    long remove(Job job);

    /** How many cores are in use, switching between jobs included. */
    TimeAverage busyCores();

    /** How many jobs are here, working or waiting. */
    TimeAverage jobs();
}
