package sandglass.kvm.usf.call;

import sandglass.kvm.sys.Errno;
import sandglass.kvm.vm.GuestFaultException;

/** All system calls by number. Immutable and shared by all processes. */
public final class SystemCallTable {

    /** Numbers below this can have an entry. */
    public static final int SIZE = 512;

    /** One system call: returns its result or a negated errno, and may pause the process. */
    @FunctionalInterface
    interface Handler {
        long call(GuestProcess process, CallArguments arguments);
    }

    private final Handler[] handlers = new Handler[SIZE];
    private final String[] names = new String[SIZE];

    /** The table with all calls this project knows. */
    public SystemCallTable() {
        FileCalls.enter(this);
        PathCalls.enter(this);
        RegionCalls.enter(this);
        MemoryCalls.enter(this);
        ProcessCalls.enter(this);
        TimeCalls.enter(this);
    }

    void on(int number, String name, Handler handler) {
        if (handlers[number] != null) {
            throw new IllegalStateException("system call " + number + " entered as " + names[number] + " and " + name);
        }
        handlers[number] = handler;
        names[number] = name;
    }

    /**
     * Carries out a call.
     *
     * @return what goes into RAX
     */
    public long call(long number, GuestProcess process, CallArguments arguments) {
        Handler handler = number >= 0 && number < SIZE ? handlers[(int) number] : null;
        if (handler == null) {
            return -Errno.ENOSYS;
        }
        try {
            return handler.call(process, arguments);
        } catch (GuestFaultException e) {
            return -Errno.EFAULT;
        }
    }

    /** A call's name, or its number if this project does not know it. */
    public String name(int number) {
        return names[number] == null ? "syscall_" + number : names[number];
    }
}
