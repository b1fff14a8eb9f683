package sandglass.model;

import java.util.ArrayDeque;
import java.util.Deque;
import sandglass.platform.SandboxListener;
import sandglass.platform.Timeline;

/** What all sandboxes of a host have in common: its clock, its contended resources, its books, and the walks that wait to be used again. */
final class Machine {

    private final Timeline timeline;
    private final SandboxListener listener;
    private final ModelObserver observer;
    private final Plans plans;
    private final Books books;
    private final HostCpu cpu;
    private final SerialServer creationLock = new SerialServer();
    private final SerialServer disk = new SerialServer();
    private final SerialServer link = new SerialServer();
    private final Deque<Walk> unused = new ArrayDeque<>();

    Machine(Timeline timeline, SandboxListener listener, ModelObserver observer, Plans plans, Books books, HostCpu cpu) {
        this.timeline = timeline;
        this.listener = listener;
        this.observer = observer;
        this.plans = plans;
        this.books = books;
        this.cpu = cpu;
    }

    Timeline timeline() {
        return timeline;
    }

    SandboxListener listener() {
        return listener;
    }

    ModelObserver observer() {
        return observer;
    }

    Plans plans() {
        return plans;
    }

    Books books() {
        return books;
    }

    HostCpu cpu() {
        return cpu;
    }

    SerialServer creationLock() {
        return creationLock;
    }

    SerialServer disk() {
        return disk;
    }

    SerialServer link() {
        return link;
    }

    /** A walk for a new sandbox. */
    Walk take() {
        return unused.isEmpty() ? new Walk(this) : unused.pop();
    }

    /** Takes back the walk of a sandbox that is gone. */
    void release(Walk walk) {
        walk.sandbox().attach(null);
        unused.push(walk);
    }
}
