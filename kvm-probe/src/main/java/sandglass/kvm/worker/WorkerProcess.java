package sandglass.kvm.worker;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import sandglass.kvm.usf.UsfPool;

/** A worker process as the pool sees it. Any thread may ask it for something; a thread of its own takes the answers. */
final class WorkerProcess implements AutoCloseable {

    private static final long READY = 0;

    private final Process process;
    private final DataOutputStream requests;
    private final DataInputStream answers;
    private final Map<Long, CompletableFuture<Frame>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong(READY + 1);
    private final Consumer<WorkerProcess> whenLost;
    private final long templateNs;
    private volatile boolean lost;

    /**
     * Starts a process and waits until its template is ready.
     *
     * @param image    where the runtime image can be opened
     * @param whenLost told when the process has ended, on the thread that took its answers
     * @throws WorkerLostException if it does not come so far
     */
    WorkerProcess(WorkerPoolConfig config, Path image, Consumer<WorkerProcess> whenLost) {
        this.whenLost = whenLost;
        process = launch(config, image);
        requests = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 65536));
        answers = new DataInputStream(new BufferedInputStream(process.getInputStream(), 65536));
        CompletableFuture<Frame> ready = new CompletableFuture<>();
        waiting.put(READY, ready);
        Thread thread = new Thread(this::takeAnswers, "worker-" + process.pid());
        thread.setDaemon(true);
        thread.start();
        templateNs = read(await(ready), DataInputStream::readLong);
    }

    private static Process launch(WorkerPoolConfig config, Path image) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(config.javaOptions());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName()));
        command.addAll(WorkerArguments.of(config, image));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            // The C library's arenas, one a thread, keep what they once had.
            builder.environment().put("MALLOC_ARENA_MAX", "1");
            return builder.start();
        } catch (IOException e) {
            throw new WorkerLostException("cannot start a worker: " + e.getMessage(), e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** How long it took to boot, warm and freeze its template. */
    long templateNs() {
        return templateNs;
    }

    boolean isLost() {
        return lost;
    }

    /** How many requests wait for an answer. */
    int load() {
        return waiting.size();
    }

    /** Makes so many more idle unikernels, one after another. */
    List<UsfPool.Added> add(int count) {
        return read(ask(Frame.Kind.ADD, out -> out.writeInt(count)), in -> {
            List<UsfPool.Added> added = new ArrayList<>();
            int made = in.readInt();
            for (int i = 0; i < made; i++) {
                added.add(new UsfPool.Added(in.readLong(), in.readLong()));
            }
            return added;
        });
    }

    Answered invoke(Frame.Kind kind, String source, String event) {
        Frame answer = ask(kind, out -> {
            Frame.writeText(out, source);
            Frame.writeText(out, event);
        });
        return read(answer, in -> new Answered(Answered.Ending.values()[in.readUnsignedByte()], Frame.readText(in),
                Frame.readText(in), in.readLong(), in.readLong(), in.readLong(), in.readLong()));
    }

    int idleCount() {
        return read(ask(Frame.Kind.STATISTICS, out -> { }), DataInputStream::readInt);
    }

    /** Asks and waits for the answer. */
    Frame ask(Frame.Kind kind, Frame.Writer body) {
        Frame request = Frame.of(nextId.getAndIncrement(), kind, body);
        CompletableFuture<Frame> answer = new CompletableFuture<>();
        waiting.put(request.id(), answer);
        try {
            synchronized (requests) {
                request.writeTo(requests);
            }
        } catch (IOException e) {
            answer.completeExceptionally(gone());
        }
        if (lost) {
            // The thread that takes answers may have looked before this request was waiting.
            answer.completeExceptionally(gone());
        }
        try {
            return await(answer);
        } finally {
            waiting.remove(request.id());
        }
    }

    private WorkerLostException gone() {
        return new WorkerLostException("worker " + process.pid() + " ended");
    }

    private static Frame await(CompletableFuture<Frame> answer) {
        Frame frame;
        try {
            frame = answer.join();
        } catch (CompletionException e) {
            throw new WorkerLostException(e.getCause().getMessage(), e);
        }
        if (frame.kind() == Frame.Kind.REFUSED) {
            throw new WorkerLostException(read(frame, Frame::readText));
        }
        return frame;
    }

    /** Reads the fields of a body. */
    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    static <T> T read(Frame frame, Reader<T> reader) {
        try (DataInputStream in = frame.reader()) {
            return reader.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeAnswers() {
        try {
            for (Frame frame = Frame.readFrom(answers); frame != null; frame = Frame.readFrom(answers)) {
                CompletableFuture<Frame> answer = waiting.remove(frame.id());
                if (answer != null) {
                    answer.complete(frame);
                }
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } finally {
            lost = true;
            waiting.values().forEach(answer -> answer.completeExceptionally(gone()));
            whenLost.accept(this);
        }
    }

    /** Ends the process and waits for its end. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
