package sandglass.kvm.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.DescribedWork;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;

/**
 * Uses a stack before anything is measured, until this program's own code is compiled: a monitor that has just been started is several
 * times slower, and that is no property of the stack. Nothing of it counts.
 */
final class Settling {

    private static final long LIMIT_NS = 2_500_000_000L;
    private static final int SANDBOXES = 6;
    private static final int CALLS = 400;
    private static final int CLONES = 8;
    private static final int EVERY_GET = 4;
    private static final int GET_BYTES = 100_000;

    private Settling() {
    }

    /** The first clones of a new template meet pages of it that nobody has mapped before: makes some, which all live at a time, and calls each. */
    static void template(LiveStack stack) {
        List<LiveSandbox> made = new ArrayList<>();
        try {
            for (int i = 0; i < CLONES; i++) {
                LiveSandbox sandbox = stack.create();
                made.add(sandbox);
                sandbox.warm();
            }
        } finally {
            made.forEach(LiveSandbox::close);
        }
    }

    /** Makes some sandboxes one after the other and calls each, with small gets and posts to {@code serverUrl}. */
    static void of(LiveStack stack, String serverUrl, LongSupplier clockNs) {
        long endNs = clockNs.getAsLong() + LIMIT_NS;
        String nothing = DescribedWork.nothing();
        String transfer = DescribedWork.event(serverUrl, List.of(DescribedWork.op("get", GET_BYTES), DescribedWork.op("post", GET_BYTES)));
        List<LiveSandbox> made = new ArrayList<>();
        try {
            for (int sandboxes = 0; sandboxes < SANDBOXES && clockNs.getAsLong() < endNs; sandboxes++) {
                LiveSandbox sandbox = stack.create();
                made.add(sandbox);
                sandbox.warm();
                boolean usable = true;
                for (int calls = 0; usable && calls < CALLS / SANDBOXES && clockNs.getAsLong() < endNs; calls++) {
                    Call call = sandbox.call(DescribedWork.source(), calls % EVERY_GET == 0 ? transfer : nothing);
                    usable = call.reusable();
                    if (usable) {
                        sandbox.recycle();
                    }
                }
            }
        } finally {
            made.forEach(LiveSandbox::close);
        }
    }
}
