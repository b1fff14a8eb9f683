package sandglass.kvm.usf;

import sandglass.kvm.usf.call.Pause;
import sandglass.kvm.vm.VcpuExit;

/** Why a guest does not run any further: by its own system call, or because it must not. */
public sealed interface Stop {

    /** A system call paused it; only {@link Pause#AWAITS_REQUEST} and {@link Pause#ANSWERED} are regular. */
    record Paused(Pause pause) implements Stop {

        @Override
        public String toString() {
            return switch (pause) {
                case EXITED -> "the function ended its process";
                case OUTPUT_LIMIT -> "the function printed or answered more than it may";
                case AWAITS_REQUEST -> "the function waited for another one";
                default -> "the function stopped: " + pause;
            };
        }
    }

    /**
     * The processor raised an exception.
     *
     * @param vector    its number (Intel SDM vol. 3A, table 6-1)
     * @param errorCode what the processor pushed, or 0
     * @param rip       the instruction
     * @param address   the address accessed, for page faults (vector 14)
     */
    record CpuException(int vector, long errorCode, long rip, long address) implements Stop {

        @Override
        public String toString() {
            return "processor exception " + vector + " (error code 0x" + Long.toHexString(errorCode) + ") at 0x"
                    + Long.toHexString(rip) + ", address 0x" + Long.toHexString(address);
        }
    }

    /** It used up its time. */
    record OutOfTime() implements Stop {
    }

    /** It used a port, forged a system call, or touched memory that it does not have. */
    record Forbidden(VcpuExit exit) implements Stop {

        @Override
        public String toString() {
            return "the function reached for what a unikernel does not have: " + exit;
        }
    }

    /** KVM cannot continue it. */
    record Broken(VcpuExit exit) implements Stop {

        @Override
        public String toString() {
            return "the virtual machine cannot go on: " + exit;
        }
    }
}
