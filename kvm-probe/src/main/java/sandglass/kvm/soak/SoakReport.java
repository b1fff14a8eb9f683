package sandglass.kvm.soak;

import java.util.List;
import java.util.Map;

/**
 * What a soak found.
 *
 * @param seed        it ran with
 * @param invocations that were made
 * @param elapsedNs   wall time, all in
 * @param programs    how often each program was run and how it ended
 * @param groups      the same by group
 * @param wrong       everything that was wrong, at most {@link Soak#MOST_FAULTS}
 * @param inspections how many recycled unikernels were compared with the template
 * @param replaced    how many unikernels had to be ended
 * @param samples     what the process had of the host's, in order; of a long soak, evenly spaced
 * @param trends      what became of that
 */
public record SoakReport(long seed, long invocations, long elapsedNs, Map<String, Tally> programs, Map<SoakProgram.Group, Tally> groups,
        List<Fault> wrong, long inspections, long replaced, List<ProcessState> samples, List<Trend> trends) {

    /** Something wrong: with one invocation, or found at an index. */
    public record Fault(long index, String program, String what) {
    }

    /**
     * How often something was run and how it ended.
     *
     * @param busyNs from asking the pool to having the unikernel recycled or closed, summed over all
     */
    public record Tally(long runs, long results, long failed, long refused, long killed, long busyNs) {

        static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(runs + other.runs, results + other.results, failed + other.failed, refused + other.refused,
                    killed + other.killed, busyNs + other.busyNs);
        }
    }

    /** Whether there was no wrong answer, no residue and no growth. */
    public boolean holds() {
        return wrong.isEmpty() && trends.stream().noneMatch(Trend::grows);
    }
}
