package sandglass.kvm.stack;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.OptionalLong;
import sandglass.kvm.lean.ControlGroups;

/** How lean containers come to be. Safe for use by several threads. */
interface Nursery extends AutoCloseable {

    /**
     * Makes one that runs in given groups. Its connection says {@code N} when it is behind its namespaces.
     *
     * @param making is told of its steps, {@code control-group} first
     * @throws IOException if it does not come so far; says why
     */
    Begun begin(ControlGroups groups, StepClock making) throws IOException;

    /** The process, if there is one, that works for each new container. */
    default OptionalLong watched() {
        return OptionalLong.empty();
    }

    @Override
    void close();

    /**
     * One that has begun.
     *
     * @param pid    its first process's number on the host
     * @param forget takes away what it has on disk, once it has ended
     */
    record Begun(long pid, SocketChannel connection, Runnable forget) {
    }
}
