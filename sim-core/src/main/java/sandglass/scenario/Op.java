package sandglass.scenario;

import java.util.Objects;
import sandglass.unit.Distribution;

/** One thing that an invocation does. */
public sealed interface Op {

    /** Computes for a time (ns of one native core). */
    record Compute(Distribution ns) implements Op {
        public Compute {
            Objects.requireNonNull(ns);
        }
    }

    /** Waits for something outside the host for a time (ns); uses no core. */
    record Wait(Distribution ns) implements Op {
        public Wait {
            Objects.requireNonNull(ns);
        }
    }

    /** Writes to this many pages of the sandbox's memory for the first time since it was ready. */
    record Touch(long pages) implements Op {
        public Touch {
            requireNotNegative("pages", pages);
        }
    }

    /** Fetches this many bytes from outside, through the named path of the stack. */
    record Get(long bytes, String path) implements Op {
        public Get {
            requireNotNegative("bytes", bytes);
        }
    }

    /** Sends this many bytes outside, through the named path of the stack. */
    record Post(long bytes, String path) implements Op {
        public Post {
            requireNotNegative("bytes", bytes);
        }
    }

    /** Crosses a boundary this many times. */
    record Switch(ModeSwitch kind, long times) implements Op {
        public Switch {
            Objects.requireNonNull(kind);
            requireNotNegative("times", times);
        }
    }

    private static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
    }
}
