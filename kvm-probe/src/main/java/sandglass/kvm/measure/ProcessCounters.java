package sandglass.kvm.measure;

/**
 * What the kernel counts for a process's main thread (switches) and for the process as a whole (the rest); proc(5).
 *
 * @param voluntarySwitches   it waited for something
 * @param involuntarySwitches somebody else's turn came
 * @param readCalls           system calls of the read family, with receiving from sockets through read
 * @param writeCalls          the same of the write family
 */
public record ProcessCounters(long voluntarySwitches, long involuntarySwitches, long readCalls, long writeCalls) {

    /** Nothing counted. */
    public static final ProcessCounters NONE = new ProcessCounters(0, 0, 0, 0);

    /** What was counted since an earlier reading. */
    public ProcessCounters since(ProcessCounters earlier) {
        return new ProcessCounters(voluntarySwitches - earlier.voluntarySwitches, involuntarySwitches - earlier.involuntarySwitches,
                readCalls - earlier.readCalls, writeCalls - earlier.writeCalls);
    }
}
