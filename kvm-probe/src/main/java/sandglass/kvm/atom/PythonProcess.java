package sandglass.kvm.atom;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.run.UnsupportedHereException;

/** A sandbox of the process stack that measures something from within: its function returns a list of numbers. */
final class PythonProcess implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final LiveStack stack;
    private final LiveSandbox sandbox;

    PythonProcess(Bench bench) throws UnsupportedHereException {
        stack = LiveStacks.open("process", bench.config().withLimits(bench.config().memoryBytes(), LIMIT), bench.clockNs());
        sandbox = stack.create();
    }

    /** Runs a function; gives the numbers that it returned. */
    double[] numbers(String source, String event) {
        return numbers(sandbox.call(source, event));
    }

    /**
     * Runs a function that the host may refuse something.
     *
     * @throws UnsupportedHereException with what it raised, if it did
     */
    double[] numbersOr(String event, String source, String refusal, String remedy) throws UnsupportedHereException {
        Call call = sandbox.call(source, event);
        if (call.error() != null) {
            List<String> lines = call.error().strip().lines().toList();
            throw new UnsupportedHereException(refusal + ": " + lines.get(lines.size() - 1), remedy);
        }
        return numbers(call);
    }

    /** Runs a function whose value is of no interest. */
    void run(String source, String event) {
        Call call = sandbox.call(source, event);
        if (call.result() == null) {
            throw new MeasuringFailedException("a measuring function failed: " + call.error());
        }
    }

    static double[] numbers(Call call) {
        if (call.ending() instanceof Call.Ending.Returned returned) {
            String inner = returned.json().substring(1, returned.json().length() - 1).strip();
            return inner.isEmpty() ? new double[0] : Arrays.stream(inner.split(",")).mapToDouble(Double::parseDouble).toArray();
        }
        throw new MeasuringFailedException("a measuring function failed: " + call.error());
    }

    @Override
    public void close() {
        sandbox.close();
        stack.close();
    }
}
