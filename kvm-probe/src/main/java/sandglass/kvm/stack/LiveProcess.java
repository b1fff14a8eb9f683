package sandglass.kvm.stack;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.measure.Smaps;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.usf.Request;
import sandglass.scenario.Phase;

/**
 * One Python process that waits for functions. It founds a session of its own, so that it is ended together with whatever its
 * function started.
 */
final class LiveProcess implements LiveSandbox {

    static final String TIME_LIMIT = "the time limit is reached";
    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final byte READY = 'S';
    private static final byte RESULT = 'R';
    private static final long START_LIMIT_NS = 60_000_000_000L;

    private final ProcessStack stack;
    private final Process process;
    private final OutputStream requests;
    private final DataInputStream answers;
    private final Map<Phase, Long> startNs;
    private final AtomicBoolean outOfTime = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    LiveProcess(ProcessStack stack) {
        this.stack = stack;
        long beginNs = stack.clockNs().getAsLong();
        process = launch();
        long createdNs = stack.clockNs().getAsLong();
        stack.born(this);
        requests = process.getOutputStream();
        answers = new DataInputStream(process.getInputStream());
        Answer hello = exchange(ByteBuffer.allocate(0), START_LIMIT_NS);
        if (hello == null || hello.kind != READY) {
            close();
            throw new IllegalStateException("the Python process " + process.pid() + " did not come to wait for a function");
        }
        startNs = Map.of(Phase.CREATE, createdNs - beginNs, Phase.INIT, stack.clockNs().getAsLong() - createdNs);
    }

    private Process launch() {
        LiveConfig config = stack.config();
        ProcessBuilder builder = new ProcessBuilder(List.of(config.interpreter().toString(), "-I", "-S", "-B", "-c", stack.runner(),
                Long.toString(config.memoryBytes()), Double.toString(config.timeLimit().toNanos() / 1e9),
                Long.toString(config.maxDocumentBytes()), String.join(",", config.allowedHosts())));
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin", "HOME", "/", "LANG", "C.UTF-8"));
        builder.directory(new java.io.File("/")).redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IllegalStateException("cannot start " + config.interpreter() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Map<Phase, Long> startNs() {
        return startNs;
    }

    @Override
    public Call call(String source, String event) {
        ByteBuffer request = Request.invoke(source, event, stack.seed(Request.SEED_BYTES));
        long beginNs = stack.clockNs().getAsLong();
        Answer answer = exchange(request, stack.config().timeLimit().toNanos());
        long runNs = stack.clockNs().getAsLong() - beginNs;
        if (answer == null) {
            close();
            return new Call(new Call.Ending.Ended(outOfTime.get() ? TIME_LIMIT : "the process ended"), "", runNs, Map.of(), Map.of(),
                    KernelCounters.NONE);
        }
        Call.Ending ending = answer.kind == RESULT ? new Call.Ending.Returned(answer.text) : new Call.Ending.Raised(answer.text);
        return new Call(ending, answer.log, runNs, Map.of(), Map.of(), KernelCounters.NONE);
    }

    private record Answer(byte kind, String text, String log) {
    }

    /** Sends a request and reads the answer; null if the process ended, or did not answer in time and was ended. */
    private Answer exchange(ByteBuffer request, long limitNs) {
        ScheduledFuture<?> limit = stack.killer().schedule(() -> {
            outOfTime.set(true);
            end();
        }, limitNs, TimeUnit.NANOSECONDS);
        try {
            requests.write(request.array(), request.position(), request.remaining());
            requests.flush();
            return readAnswer();
        } catch (IOException e) {
            return null;
        } finally {
            limit.cancel(false);
        }
    }

    /** Length of the answer, length of the log, kind, answer, log; an end of the stream is an IOException. */
    private Answer readAnswer() throws IOException {
        ByteBuffer lengths = ByteBuffer.wrap(answers.readNBytes(2 * Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        if (lengths.remaining() < 2 * Integer.BYTES) {
            return null;
        }
        int textBytes = lengths.getInt();
        int logBytes = lengths.getInt();
        if (textBytes < 1 || textBytes > MAX_ANSWER_BYTES || logBytes < 0 || logBytes > MAX_ANSWER_BYTES) {
            end();
            return null;
        }
        byte[] text = new byte[textBytes];
        answers.readFully(text);
        byte[] log = new byte[logBytes];
        answers.readFully(log);
        return new Answer(text[0], new String(text, 1, textBytes - 1, StandardCharsets.UTF_8),
                new String(log, StandardCharsets.UTF_8));
    }

    /** A process cannot be cleaned: what a function left in it, the next one finds. */
    @Override
    public Cleanup recycle() {
        return new Cleanup(-1, 0);
    }

    @Override
    public Footprint footprint() {
        return Smaps.ofProcess(process.pid());
    }

    private void end() {
        process.destroyForcibly();
        Linux.killGroup(process.pid());
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        end();
        try {
            process.waitFor(START_LIMIT_NS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stack.gone(this);
    }
}
