package sandglass.model;

import sandglass.scenario.Op;

/** What the model reports beside a sandbox's phases. */
@FunctionalInterface
public interface ModelObserver {

    /**
     * One get or post is over.
     *
     * @param op the {@link Op.Get} or {@link Op.Post}; the same object each time
     * @param ns from its beginning to its end
     */
    void transfer(Op op, long ns);
}
