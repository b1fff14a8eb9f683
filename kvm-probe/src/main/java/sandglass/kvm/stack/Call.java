package sandglass.kvm.stack;

import java.util.Map;
import sandglass.kvm.measure.KernelCounters;

/**
 * One function that ran, and what it took.
 *
 * @param ending      how it ended
 * @param log         what it printed
 * @param runNs       from the delivery of the function to its result
 * @param exits       how often control left the guest, by kind; empty without a guest
 * @param systemCalls the guest's system calls, by name; empty without a guest
 * @param kernel      what KVM counted meanwhile
 * @param exitNs      how long the monitor took for the exits of each kind, ns of wall time on the vCPU's thread; empty without a guest
 * @param counts      what the host's kernel counted meanwhile for the sandbox's process, devices and control group, by name
 */
public record Call(Ending ending, String log, long runNs, Map<String, Integer> exits, Map<String, Integer> systemCalls,
        KernelCounters kernel, Map<String, Long> exitNs, Map<String, Long> counts) {

    /** One without counts of the host's kernel. */
    public Call(Ending ending, String log, long runNs, Map<String, Integer> exits, Map<String, Integer> systemCalls,
            KernelCounters kernel) {
        this(ending, log, runNs, exits, systemCalls, kernel, Map.of(), Map.of());
    }

    /** The same with counts of the host's kernel. */
    public Call withCounts(Map<String, Long> counted) {
        return new Call(ending, log, runNs, exits, systemCalls, kernel, exitNs, counted);
    }

    /** How a function ended. */
    public sealed interface Ending {

        /** It returned; its value as JSON. */
        record Returned(String json) implements Ending {
        }

        /** It raised an exception, or its result is no JSON; the Python traceback. */
        record Raised(String traceback) implements Ending {
        }

        /** It was not started; the sandbox is as it was. */
        record Refused(String reason) implements Ending {
        }

        /** It was ended from outside; the sandbox is of no more use. */
        record Ended(String reason) implements Ending {
        }
    }

    /** Whether the sandbox may run another function once it is recycled. */
    public boolean reusable() {
        return !(ending instanceof Ending.Ended);
    }

    /** What went wrong, or null. */
    public String error() {
        if (ending instanceof Ending.Raised raised) {
            return raised.traceback();
        }
        if (ending instanceof Ending.Refused refused) {
            return refused.reason();
        }
        return ending instanceof Ending.Ended ended ? ended.reason() : null;
    }

    /** The function's value as JSON, or null. */
    public String result() {
        return ending instanceof Ending.Returned returned ? returned.json() : null;
    }
}
