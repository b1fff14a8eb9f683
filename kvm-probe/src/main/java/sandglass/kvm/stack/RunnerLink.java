package sandglass.kvm.stack;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.usf.Request;

/** The host's end of the conversation with a live_runner.py that waits for functions, over any two streams. */
public final class RunnerLink {

    private static final String RUNNER = "live_runner.py";
    /** Why a call that took too long was ended. */
    public static final String TIME_LIMIT = "the time limit is reached";

    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final byte READY = 'S';
    private static final byte RESULT = 'R';

    private final OutputStream requests;
    private final DataInputStream answers;
    private final ScheduledExecutorService killer;
    private final Runnable end;
    private final AtomicBoolean outOfTime = new AtomicBoolean();

    /**
     * @param killer watches the time
     * @param end    ends the runner and everything it started, so that both streams break off; may be called by several threads
     */
    public RunnerLink(OutputStream requests, InputStream answers, ScheduledExecutorService killer, Runnable end) {
        this.requests = requests;
        this.answers = new DataInputStream(answers);
        this.killer = killer;
        this.end = end;
    }

    /** The runner's source. */
    public static String runner() {
        try (InputStream stream = RunnerLink.class.getResourceAsStream(RUNNER)) {
            if (stream == null) {
                throw new IllegalStateException("this program was built without its resource " + RUNNER);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + RUNNER, e);
        }
    }

    /** The runner's arguments for what a stack grants; see there for those that say how it is reached. */
    public static List<String> arguments(LiveConfig config, long dataBytes) {
        List<String> arguments = new ArrayList<>(List.of("memory=" + dataBytes, "seconds=" + config.timeLimit().toNanos() / 1e9,
                "document=" + config.maxDocumentBytes(), "descriptors=" + config.maxDescriptors()));
        config.allowedHosts().forEach(host -> arguments.add("allow=" + host));
        return arguments;
    }

    /**
     * Waits for the runner to say that it is there.
     *
     * @return whether it did
     */
    public boolean awaitReady(long limitNs) {
        Answer hello = exchange(ByteBuffer.allocate(0), limitNs);
        return hello != null && hello.kind == READY;
    }

    /**
     * Has a function run.
     *
     * @param ended says why the stream broke off, if the time limit was not the reason
     */
    public Call call(ByteBuffer request, long limitNs, LongSupplier clockNs, Supplier<String> ended) {
        long beginNs = clockNs.getAsLong();
        Answer answer = exchange(request, limitNs);
        long runNs = clockNs.getAsLong() - beginNs;
        Call.Ending ending;
        if (answer == null) {
            ending = new Call.Ending.Ended(outOfTime.get() ? TIME_LIMIT : ended.get());
        } else {
            ending = answer.kind == RESULT ? new Call.Ending.Returned(answer.text) : new Call.Ending.Raised(answer.text);
        }
        return new Call(ending, answer == null ? "" : answer.log, runNs, Map.of(), Map.of(), KernelCounters.NONE);
    }

    /** What a function and its event are sent as. */
    public static ByteBuffer request(String source, String event, byte[] seed) {
        return Request.invoke(source, event, seed);
    }

    /** The same, for a function that imports modules; {@code store} is the directory as the runner sees it. */
    static ByteBuffer request(String source, String event, byte[] seed, String store, List<String> modules) {
        ByteBuffer directory = Request.modules(store, modules);
        ByteBuffer invocation = Request.invoke(source, event, seed);
        return ByteBuffer.allocate(directory.remaining() + invocation.remaining()).put(directory).put(invocation).flip();
    }

    private record Answer(byte kind, String text, String log) {
    }

    /** Sends a request and reads the answer; null if the runner ended, or did not answer in time and was ended. */
    private Answer exchange(ByteBuffer request, long limitNs) {
        ScheduledFuture<?> limit = killer.schedule(() -> {
            outOfTime.set(true);
            end.run();
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
            end.run();
            return null;
        }
        byte[] text = new byte[textBytes];
        answers.readFully(text);
        byte[] log = new byte[logBytes];
        answers.readFully(log);
        return new Answer(text[0], new String(text, 1, textBytes - 1, StandardCharsets.UTF_8),
                new String(log, StandardCharsets.UTF_8));
    }
}
