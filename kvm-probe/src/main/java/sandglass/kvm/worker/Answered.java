package sandglass.kvm.worker;

/**
 * An invocation that a worker carried out.
 *
 * @param ending     how it ended
 * @param text       the result as JSON, the traceback, or the reason, as the ending has it
 * @param log        what the function printed
 * @param createNs   time to make the unikernel, 0 if one was idle
 * @param runNs      from the delivery of the function to its result
 * @param dirtyPages pages that it had written, -1 if its unikernel was thrown away
 * @param recycleNs  time to recycle, 0 if its unikernel was thrown away
 */
public record Answered(Ending ending, String text, String log, long createNs, long runNs, long dirtyPages, long recycleNs) {

    /** As {@link sandglass.kvm.usf.Outcome}, in the same order. */
    public enum Ending { RESULT, FAILED, REFUSED, KILLED }
}
