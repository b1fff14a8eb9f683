package sandglass.kvm.worker;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.Imports;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.scenario.Phase;

/** Sandboxes of a worker that somebody else drives: by numbers, one verb a frame. */
final class SandboxDesk {

    private final LiveStack stack;
    private final Map<Integer, LiveSandbox> sandboxes = new ConcurrentHashMap<>();
    private final AtomicInteger nextNumber = new AtomicInteger();

    SandboxDesk(LiveStack stack) {
        this.stack = stack;
    }

    /** Carries out a verb. */
    Frame answer(long id, Frame.Kind verb, DataInputStream body) throws IOException {
        if (verb == Frame.Kind.CREATE) {
            return create(id);
        }
        int number = body.readInt();
        LiveSandbox sandbox = sandboxes.get(number);
        if (sandbox == null) {
            throw new IOException("there is no sandbox " + number);
        }
        return switch (verb) {
            case CALL -> {
                Call call = sandbox.call(Frame.readText(body), Frame.readText(body), readImports(body));
                yield Frame.of(id, Frame.Kind.DONE, out -> CallText.write(out, call));
            }
            case WARM -> {
                Call call = sandbox.warm();
                yield Frame.of(id, Frame.Kind.DONE, out -> CallText.write(out, call));
            }
            case RECYCLE -> {
                LiveSandbox.Cleanup cleanup = sandbox.recycle();
                yield Frame.of(id, Frame.Kind.DONE, out -> {
                    out.writeLong(cleanup.dirtyPages());
                    out.writeLong(cleanup.elapsedNs());
                });
            }
            case FOOTPRINT -> Frame.of(id, Frame.Kind.DONE, out -> CallText.write(out, sandbox.footprint()));
            default -> {
                sandboxes.remove(number);
                sandbox.close();
                yield Frame.of(id, Frame.Kind.DONE, out -> { });
            }
        };
    }

    private Frame create(long id) {
        LiveSandbox sandbox = stack.create();
        int number = nextNumber.getAndIncrement();
        sandboxes.put(number, sandbox);
        return Frame.of(id, Frame.Kind.DONE, out -> {
            out.writeInt(number);
            out.writeLong(sandbox.startNs().get(Phase.CREATE));
        });
    }

    private static Imports readImports(DataInputStream body) throws IOException {
        Path store = Path.of(Frame.readText(body));
        List<String> modules = new ArrayList<>();
        for (int left = body.readInt(); left > 0; left--) {
            modules.add(Frame.readText(body));
        }
        return new Imports(store, modules);
    }
}
