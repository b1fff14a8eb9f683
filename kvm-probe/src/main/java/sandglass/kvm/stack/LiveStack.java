package sandglass.kvm.stack;

import java.util.Map;

/** Makes real sandboxes of one kind. Safe for use by several threads. */
public interface LiveStack extends AutoCloseable {

    /** The stack's name in scenarios, for example {@code usetl}. */
    String name();

    /** Lets sandboxes that have a network of their own find a server of this process at its usual address; before the first is made. */
    default void reach(DocumentServer server) {
    }

    /** Makes a sandbox that waits for a function. */
    LiveSandbox create();

    /** One-time work that all sandboxes share, in ns by name; not part of any sandbox's start. */
    Map<String, Long> preparationNs();

    /** What of the host's fingerprint this stack determines, such as the accelerator of virtual machines. */
    default Map<String, String> fingerprint() {
        return Map.of();
    }

    /** Why some of what a call could report is missing on this stack, by name. */
    Map<String, String> unsupported();

    /** Core time that has gone so far into looking for calls and into carrying out those found, ns. */
    default Polling polling() {
        return Polling.NONE;
    }

    /**
     * Core time of the host's side of polled notification.
     *
     * @param lookingNs of the thread that looks
     * @param servingNs of those that carry calls out
     */
    record Polling(long lookingNs, long servingNs) {

        /** Nobody polls. */
        public static final Polling NONE = new Polling(0, 0);
    }

    /** Gives back what the sandboxes share; close them first. */
    @Override
    void close();
}
