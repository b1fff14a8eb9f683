package sandglass.kvm.stack;

import java.util.Map;

/** Makes real sandboxes of one kind. Safe for use by several threads. */
public interface LiveStack extends AutoCloseable {

    /** The stack's name in scenarios, for example {@code usetl}. */
    String name();

    /** Makes a sandbox that waits for a function. */
    LiveSandbox create();

    /** One-time work that all sandboxes share, in ns by name; not part of any sandbox's start. */
    Map<String, Long> preparationNs();

    /** Why some of what a call could report is missing on this stack, by name. */
    Map<String, String> unsupported();

    /** Gives back what the sandboxes share; close them first. */
    @Override
    void close();
}
