package sandglass.kvm.usf;

/** How an invocation ended. */
public sealed interface Outcome {

    /** The function returned; its value as JSON. */
    record Result(String json) implements Outcome {
    }

    /** The function raised an exception, or its result is no JSON; the Python traceback. */
    record Failed(String traceback) implements Outcome {
    }

    /** The invocation was not started; what is wrong with it. */
    record Refused(String reason) implements Outcome {
    }

    /** The unikernel had to be ended: time limit, wild pointer, exit, forbidden access. */
    record Killed(Stop reason) implements Outcome {
    }
}
