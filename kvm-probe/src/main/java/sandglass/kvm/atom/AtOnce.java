package sandglass.kvm.atom;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;

/** Sandboxes made by several threads, which live until all are closed together. */
final class AtOnce implements AutoCloseable {

    private final List<LiveSandbox> made = new ArrayList<>();

    /**
     * Makes them.
     *
     * @param called whether each is called once
     * @throws MeasuringFailedException if one could not be made; the others are closed then
     */
    AtOnce(LiveStack stack, int threads, int sandboxes, boolean called) {
        ExecutorService all = Executors.newFixedThreadPool(threads);
        List<Future<LiveSandbox>> results = new ArrayList<>();
        for (int i = 0; i < sandboxes; i++) {
            results.add(all.submit(() -> make(stack, called)));
        }
        all.shutdown();
        MeasuringFailedException failure = null;
        for (Future<LiveSandbox> result : results) {
            try {
                made.add(result.get());
            } catch (ExecutionException e) {
                failure = new MeasuringFailedException("a sandbox of many at once failed: " + e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = new MeasuringFailedException("interrupted while sandboxes were made");
            }
        }
        if (failure != null) {
            close();
            throw failure;
        }
    }

    private static LiveSandbox make(LiveStack stack, boolean called) {
        LiveSandbox sandbox = stack.create();
        if (called) {
            sandbox.warm();
        }
        return sandbox;
    }

    List<LiveSandbox> made() {
        return made;
    }

    @Override
    public void close() {
        made.forEach(LiveSandbox::close);
    }
}
