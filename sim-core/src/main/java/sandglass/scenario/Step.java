package sandglass.scenario;

import java.util.Map;
import java.util.Objects;

/**
 * A named unit of a phase. Its number of repetitions is structure and stands here; the cost of one repetition is the
 * calibration's.
 *
 * @param name what is done, in the field's words, for example {@code vm_fd}
 * @param times repetitions per unit of {@code per}
 * @param per what the repetitions scale with
 * @param cost name of the calibration parameter for one repetition, in ns: repetitions are independent draws. A rate in ns/page or
 *     ns/B may stand where the repetitions are pages or bytes: it is drawn once for all of them. Empty if only switches cost
 * @param server where the time is spent
 * @param wakeUps how often meanwhile a thread that has slept goes on: the cost is in so many pieces and one more, alike, each of which waits
 *     for a core anew
 * @param switches mode switches of one repetition; their time is charged on top of {@code cost}
 * @param source why the step is there: paper and section, kernel document
 */
public record Step(String name, double times, Per per, String cost, Server server, int wakeUps, Map<ModeSwitch, Integer> switches,
        String source) {

    /** What the number of repetitions of a step scales with. */
    public enum Per {
        ONCE,
        /**
         * Pages written since the sandbox was ready. In RUN: once for each page that is written for the first time, when it
         * is; this is where a stack says what a page fault and a copy-on-write cost.
         */
        DIRTY_PAGE,
        /** Pages of the sandbox's memory image. */
        IMAGE_PAGE,
        /** Bytes of function code. */
        CODE_BYTE,
        /** Modules that the function imports beyond the runtime's own. */
        MODULE,
        /** In READY: each invocation, also of a function that the sandbox has served before; in other phases the same as {@link #ONCE}. */
        INVOCATION,
        /** In RUN: the first invocation since the sandbox was made, or the call that warmed it. */
        FIRST_RUN,
        /** In RUN: pages that the first invocation meets for the first time, {@link MemoryImage#firstTouched}. */
        FIRST_TOUCH,
        /** The same where sandboxes share what they meet, so that a write copies it. */
        SHARED_FIRST_TOUCH,
        /** In RUN: each op that touches memory, if it must ask for some: what a kept sandbox has, it keeps. */
        TOUCH,
        /** In RUN: each op that waits. */
        WAIT,
        /**
         * The share, 0 to 1, by which caches have cooled, nearly 1 after a few times {@code host.cooling-time}: in READY with the time since the
         * control plane last told any sandbox to do something because it was due, elsewhere with the time since such a phase last ended; in READY
         * and RECYCLE with cooling times of their own. Its cost is what it takes longer after a pause than in a loop.
         */
        COOLED,
        /**
         * In RUN and RECYCLE of a sandbox that has served before: where another has served since, or any was made, the share by which caches have
         * not cooled: what time has not taken of the sandbox's own memory, the others have.
         */
        DISPLACED,
        /** In READY and CREATE: once if the control plane tells the sandbox since something has arrived or is due, each time. */
        ARRIVAL,
        /** In READY and CREATE: once if it tells it since another verb has just ended, each time. What has ended has had the caches meanwhile. */
        FOLLOW_UP,
        /** Where {@link #ARRIVAL} is one: the share by which caches have cooled since there last was one. */
        COOLED_ARRIVAL,
        /**
         * In CREATE: other sandboxes that the process which it is made in holds by then, {@link Stack#perProcess}; in RUN the same number for the
         * first invocation, if the sandbox was not called before. What the kernel does to memory of the one it announces to all.
         */
        NEIGHBOUR,
        /** Once where sandboxes share no memory as they are made: without sharing, or where only the kernel's scanner merges pages later. */
        UNSHARED,
        /** In RUN: the first get or post since the sandbox was made. */
        FIRST_TRANSFER,
        /** In RECYCLE: documents that the invocation got. */
        DOCUMENT,
        /** In RECYCLE: pages that stay with the sandbox because it sent so much, which are looked at though nobody wrote to them. */
        SENT_PAGE,
        /** In RECYCLE: pages that were written and get their old content in place, so that they stay mapped and private. */
        COPIED_PAGE,
        /** These times {@link #COOLED}. */
        COOLED_COPIED_PAGE,
        /** In RECYCLE: pages that were written and are given back, so that the next write to each is a first one. */
        DROPPED_PAGE
    }

    public Step {
        Objects.requireNonNull(name);
        Objects.requireNonNull(per);
        Objects.requireNonNull(cost);
        Objects.requireNonNull(server);
        switches = Map.copyOf(switches);
        if (!(times >= 0)) {
            throw new IllegalArgumentException("step " + name + ": times must not be negative, was " + times);
        }
        if (wakeUps < 0 || wakeUps > 0 && server != Server.CPU) {
            throw new IllegalArgumentException("step " + name + ": none or more wake-ups at server cpu, none elsewhere, were " + wakeUps);
        }
    }
}
