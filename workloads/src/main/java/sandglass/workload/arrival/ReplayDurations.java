package sandglass.workload.arrival;

import sandglass.scenario.Streams;
import sandglass.scenario.Uniforms;
import sandglass.unit.Distribution;

/** Durations of a trace's invocations: a constant as it is, else one draw of the stream {@code durations} each. */
final class ReplayDurations {

    private final Distribution[] ns;
    private final boolean[] constant;
    private final Uniforms draws;

    ReplayDurations(ReplayPlan plan, Streams streams) {
        this.ns = plan.durationsNs().toArray(new Distribution[0]);
        this.constant = new boolean[ns.length];
        for (int i = 0; i < ns.length; i++) {
            constant[i] = ns[i] instanceof Distribution.Constant;
        }
        this.draws = streams.named("durations");
    }

    /** A duration of this function in ns, rounded to the nearest; -1 if the trace has none. */
    long drawNs(int function) {
        if (ns.length == 0) {
            return -1;
        }
        return Math.round(constant[function] ? ns[function].mean() : ns[function].quantile(draws.next()));
    }
}
