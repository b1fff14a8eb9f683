package sandglass.model;

import sandglass.scenario.Uniforms;
import sandglass.unit.Distribution;

/**
 * Time that the function itself takes: an op that waits or computes, or the service time that a trace recorded. Drawn from the
 * invocation, so that the same arrival brings the same work to every stack.
 *
 * @param ns the distribution to draw from, or null for the invocation's recorded time
 * @param index which of the invocation's draws it takes
 * @param overhead ratio by which the stack slows computation, or null
 */
record Service(Place place, boolean onCore, Distribution ns, int index, Cost overhead, Uniforms overheadUniforms, Books books)
        implements Stage {

    @Override public long demandNs(Walk walk) {
        double bareNs = ns == null ? walk.recordedNs() : ns.quantile(walk.uniform(index));
        long demandNs = Math.round(overhead == null ? bareNs : bareNs * overhead.value(overheadUniforms));
        if (onCore) {
            books.core(walk.tenant(), demandNs);
        }
        return demandNs;
    }
}
