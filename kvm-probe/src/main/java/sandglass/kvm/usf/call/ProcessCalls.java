package sandglass.kvm.usf.call;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.cpu.GuestLayout;

/** Calls about the process itself. It is number 1, has one thread, belongs to root and never receives a signal. */
final class ProcessCalls {

    private static final int ARCH_SET_FS = 0x1002;
    private static final int FUTEX_COMMAND = 0x7F;
    private static final int FUTEX_CLOCK_REALTIME = 0x100;
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int FUTEX_WAIT_BITSET = 9;
    private static final int RLIMIT_STACK = 3;
    private static final int RLIMIT_NOFILE = 7;
    private static final int SIGNAL_EXIT = 128;
    private static final int MAX_SIGNAL = 64;
    /** The one that is none, and SIGCHLD, SIGCONT, SIGURG and SIGWINCH, which do nothing by default (signal(7)). */
    private static final Set<Integer> IGNORED_SIGNALS = Set.of(0, 17, 18, 23, 28);
    private static final int UNAME_FIELD_BYTES = 65;

    private ProcessCalls() {
    }

    static void enter(SystemCallTable table) {
        table.on(13, "rt_sigaction", (p, a) -> signalAction(p, a.get(2)));
        table.on(14, "rt_sigprocmask", (p, a) -> signalAction8(p, a.get(2)));
        table.on(16, "ioctl", (p, a) -> FileCalls.isEtl(p, a.getInt(0)) ? EtlCalls.control(p, a.getInt(1), a.get(2))
                : -Errno.ENOTTY);
        table.on(24, "sched_yield", (p, a) -> 0);
        table.on(39, "getpid", (p, a) -> 1);
        table.on(60, "exit", ProcessCalls::exit);
        table.on(62, "kill", (p, a) -> Math.abs((long) a.getInt(0)) > 1 ? -Errno.ESRCH : killed(p, a.getInt(1)));
        table.on(63, "uname", (p, a) -> name(p, a.get(0)));
        table.on(97, "getrlimit", (p, a) -> limit(p, a.getInt(0), a.get(1)));
        table.on(102, "getuid", (p, a) -> 0);
        table.on(104, "getgid", (p, a) -> 0);
        table.on(107, "geteuid", (p, a) -> 0);
        table.on(108, "getegid", (p, a) -> 0);
        table.on(110, "getppid", (p, a) -> 0);
        table.on(131, "sigaltstack", (p, a) -> 0);
        table.on(158, "arch_prctl", (p, a) -> setFsBase(p, a.getInt(0), a.get(1)));
        table.on(186, "gettid", (p, a) -> 1);
        table.on(202, "futex", ProcessCalls::futex);
        table.on(204, "sched_getaffinity", (p, a) -> affinity(p, a.get(1), a.get(2)));
        table.on(218, "set_tid_address", (p, a) -> 1);
        table.on(231, "exit_group", ProcessCalls::exit);
        table.on(234, "tgkill", (p, a) -> killed(p, a.getInt(2)));
        table.on(273, "set_robust_list", (p, a) -> 0);
        table.on(302, "prlimit64", (p, a) -> a.get(3) == 0 ? 0 : limit(p, a.getInt(1), a.get(3)));
        table.on(318, "getrandom", (p, a) -> a.get(1) < 0 ? -Errno.EFAULT : FileCalls.random(p, a.get(0), a.get(1)));
    }

    /** The old action of every signal is the default: a zeroed struct kernel_sigaction of 32 bytes. */
    private static long signalAction(GuestProcess p, long oldAction) {
        if (oldAction != 0) {
            p.memory().zero(oldAction, 32);
        }
        return 0;
    }

    private static long signalAction8(GuestProcess p, long oldMask) {
        if (oldMask != 0) {
            p.memory().zero(oldMask, 8);
        }
        return 0;
    }

    private static long exit(GuestProcess p, CallArguments a) {
        p.exit(a.getInt(0) & 0xFF);
        return 0;
    }

    private static long killed(GuestProcess p, int signal) {
        if (signal < 0 || signal > MAX_SIGNAL) {
            return -Errno.EINVAL;
        }
        if (!IGNORED_SIGNALS.contains(signal)) {
            p.exit(SIGNAL_EXIT + signal);
        }
        return 0;
    }

    private static long name(GuestProcess p, long to) {
        byte[] names = new byte[6 * UNAME_FIELD_BYTES];
        String[] fields = {"Linux", "usf", "6.1.0", "unikernel for serverless functions", "x86_64", "(none)"};
        for (int i = 0; i < fields.length; i++) {
            byte[] text = fields[i].getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, names, i * UNAME_FIELD_BYTES, text.length);
        }
        p.memory().put(to, names);
        return 0;
    }

    private static long limit(GuestProcess p, int resource, long to) {
        long value = switch (resource) {
            case RLIMIT_STACK -> GuestLayout.STACK_BYTES;
            case RLIMIT_NOFILE -> p.maxDescriptors();
            default -> -1;
        };
        p.memory().putLong(to, value);
        p.memory().putLong(to + 8, value);
        return 0;
    }

    private static long setFsBase(GuestProcess p, int code, long base) {
        boolean inUserMemory = base >= 0 && base < p.layout().ramBytes();
        if (code != ARCH_SET_FS || !inUserMemory) {
            return code == ARCH_SET_FS ? -Errno.EPERM : -Errno.EINVAL;
        }
        p.setFsBase(base);
        return 0;
    }

    /** With one thread nobody can be woken: who waits does so until the time that it says, or until its own is up. */
    private static long futex(GuestProcess p, CallArguments a) {
        return switch (a.getInt(1) & FUTEX_COMMAND) {
            case FUTEX_WAIT -> futexWait(p, a, 0);
            case FUTEX_WAIT_BITSET -> futexWait(p, a,
                    (a.getInt(1) & FUTEX_CLOCK_REALTIME) != 0 ? p.host().wallClockNs() : p.host().monotonicNs());
            case FUTEX_WAKE -> 0;
            default -> -Errno.ENOSYS;
        };
    }

    private static long futexWait(GuestProcess p, CallArguments a, long sinceNs) {
        if (p.memory().getInt(a.get(0)) != a.getInt(2)) {
            return -Errno.EAGAIN;
        }
        if (a.get(3) == 0) {
            p.host().sleep(Long.MAX_VALUE);
            p.timeIsUp();
            return 0;
        }
        long slept = TimeCalls.sleep(p, a.get(3), sinceNs);
        return slept == 0 ? -Errno.ETIMEDOUT : slept;
    }

    private static long affinity(GuestProcess p, long sizeBytes, long to) {
        if (sizeBytes < Long.BYTES) {
            return -Errno.EINVAL;
        }
        p.memory().put(to, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1).array());
        return Long.BYTES;
    }
}
