package sandglass.des;

import sandglass.platform.Timeline;
import sandglass.platform.Timer;

/** What a scheduler's core is made of: a physical core, there at all times, or a virtual CPU, which its host runs at some. */
interface CoreSupply {

    /** How long the core has existed and run, in nanoseconds. */
    long ranNs();

    /** A timer on {@link #ranNs}; called once. */
    Timer timer(Runnable action);

    /** There is something to run, after there was nothing. */
    void wanted();

    /** There is nothing to run any more. */
    void unwanted();

    /** A core that always runs. */
    static CoreSupply physical(Timeline timeline) {
        return new CoreSupply() {
            @Override
            public long ranNs() {
                return timeline.nowNs();
            }

            @Override
            public Timer timer(Runnable action) {
                return timeline.timer(action);
            }

            @Override
            public void wanted() {
            }

            @Override
            public void unwanted() {
            }
        };
    }
}
