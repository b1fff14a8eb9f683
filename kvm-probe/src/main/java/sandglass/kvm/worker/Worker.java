package sandglass.kvm.worker;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import sandglass.kvm.stack.UsetlStack;
import sandglass.kvm.usf.Invocation;
import sandglass.kvm.usf.Outcome;
import sandglass.kvm.usf.UsfFactory;
import sandglass.kvm.usf.UsfPool;
import sandglass.kvm.usf.file.PackedImage;

/**
 * The program of a worker process: a pool of unikernels behind frames on standard input and output. It ends with its
 * input, so it cannot outlive the process that started it, and the kernel takes back all it had.
 */
final class Worker {

    private final UsfPool pool;
    private final SandboxDesk desk;
    private final DataOutputStream out;

    private Worker(UsfPool pool, SandboxDesk desk, DataOutputStream out) {
        this.desk = desk;
        this.pool = pool;
        this.out = out;
    }

    /** Arguments: see {@link WorkerArguments}. The first frame sent says that the template is ready, or why not. */
    public static void main(String[] arguments) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 65536));
        // Whatever prints must not get between the frames.
        System.setOut(System.err);
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in), 65536));
        Worker worker;
        try {
            UsfFactory factory = new UsfFactory(WorkerArguments.usf(arguments), System::nanoTime,
                    () -> PackedImage.open(WorkerArguments.image(arguments)));
            worker = new Worker(new UsfPool(factory, System::nanoTime), new SandboxDesk(new UsetlStack(factory, System::nanoTime)), out);
            worker.send(Frame.of(0, Frame.Kind.DONE, body -> body.writeLong(factory.buildNs())));
        } catch (RuntimeException e) {
            refusal(0, e).writeTo(out);
            Runtime.getRuntime().halt(1);
            return;
        }
        try {
            worker.serve(in, WorkerArguments.runs(arguments));
        } finally {
            // Not exit: nothing needs an orderly end, and a function may be running.
            Runtime.getRuntime().halt(0);
        }
    }

    private void serve(DataInputStream in, int runs) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(runs);
        for (Frame request = Frame.readFrom(in); request != null; request = Frame.readFrom(in)) {
            Frame todo = request;
            executor.execute(() -> send(answer(todo)));
        }
    }

    private void send(Frame frame) {
        synchronized (out) {
            try {
                frame.writeTo(out);
            } catch (IOException e) {
                // The pool is gone, and with it the reason to be.
                Runtime.getRuntime().halt(0);
            }
        }
    }

    private Frame answer(Frame request) {
        try (DataInputStream body = request.reader()) {
            return switch (request.kind()) {
                case ADD -> add(request.id(), body.readInt());
                case INVOKE -> answered(request.id(), pool.invoke(Frame.readText(body), Frame.readText(body)));
                case INVOKE_ON_OLDEST ->
                    answered(request.id(), pool.invokeOnOldest(Frame.readText(body), Frame.readText(body)));
                case STATISTICS -> Frame.of(request.id(), Frame.Kind.DONE, out -> out.writeInt(pool.idleCount()));
                case CREATE, CALL, WARM, RECYCLE, FOOTPRINT, DESTROY -> desk.answer(request.id(), request.kind(), body);
                default -> throw new IOException("a worker does not take " + request.kind());
            };
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            return refusal(request.id(), e);
        }
    }

    private Frame add(long id, int count) {
        return Frame.of(id, Frame.Kind.DONE, body -> {
            body.writeInt(count);
            for (int i = 0; i < count; i++) {
                UsfPool.Added added = pool.add();
                body.writeLong(added.createNs());
                body.writeLong(added.firstRunNs());
            }
        });
    }

    private static Frame answered(long id, UsfPool.Served served) {
        Invocation invocation = served.invocation();
        return Frame.of(id, Frame.Kind.DONE, out -> {
            Outcome outcome = invocation.outcome();
            if (outcome instanceof Outcome.Result result) {
                writeEnding(out, Answered.Ending.RESULT, result.json());
            } else if (outcome instanceof Outcome.Failed failed) {
                writeEnding(out, Answered.Ending.FAILED, failed.traceback());
            } else if (outcome instanceof Outcome.Refused refused) {
                writeEnding(out, Answered.Ending.REFUSED, refused.reason());
            } else {
                writeEnding(out, Answered.Ending.KILLED, ((Outcome.Killed) outcome).reason().toString());
            }
            Frame.writeText(out, invocation.log());
            out.writeLong(served.createNs());
            out.writeLong(invocation.runNs());
            out.writeLong(served.recycling() == null ? -1 : served.recycling().dirtyPages());
            out.writeLong(served.recycling() == null ? 0 : served.recycling().elapsedNs());
        });
    }

    private static void writeEnding(DataOutputStream out, Answered.Ending ending, String text) throws IOException {
        out.writeByte(ending.ordinal());
        Frame.writeText(out, text);
    }

    private static Frame refusal(long id, Throwable failure) {
        return Frame.of(id, Frame.Kind.REFUSED, out -> Frame.writeText(out, failure.toString()));
    }
}
