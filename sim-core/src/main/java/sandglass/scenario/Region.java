package sandglass.scenario;

import java.util.Objects;

/**
 * One part of a sandbox's memory.
 *
 * @param name what it holds, for example {@code interpreter-text}
 * @param size name of the calibration parameter for its resident size in bytes
 * @param backing where its pages come from
 * @param sharing who else may use the same physical pages
 * @param group sandboxes whose regions carry the same group share them (one runtime, one image); empty means the stack's name and the region's
 * @param volatileShare fraction of its pages that change too often for a scanner to merge, 0 to 1
 * @param kernel whether host-kernel structures hold it (page tables, KVM state), so that no process is charged for it
 * @param others how many others than sandboxes map the same pages for as long as sandboxes do: a template, other programs; counts for
 *     the proportional and unique sizes of what is shared
 * @param metBy by what invocations a sandbox comes to map it: some regions only those that do something of this kind, and it keeps them then
 * @param alike whether all its pages have the same content, zeros as a rule, so that a scanner merges them with each other too
 * @param source where the region is described
 */
public record Region(String name, String size, Backing backing, Sharing sharing, String group, double volatileShare,
        boolean kernel, int others, MetBy metBy, boolean alike, String source) {

    /** A region that only sandboxes map. */
    public Region(String name, String size, Backing backing, Sharing sharing, String group, double volatileShare, boolean kernel,
            String source) {
        this(name, size, backing, sharing, group, volatileShare, kernel, 0, MetBy.ALL, source);
    }

    /** A region whose pages differ. */
    public Region(String name, String size, Backing backing, Sharing sharing, String group, double volatileShare, boolean kernel,
            int others, MetBy metBy, String source) {
        this(name, size, backing, sharing, group, volatileShare, kernel, others, metBy, false, source);
    }

    /** Where the pages of a region come from. */
    public enum Backing {
        ANONYMOUS,
        FILE,
        SNAPSHOT
    }

    /**
     * Which invocations meet a region. Recycling that gives written pages back instead of copying into them gives back with them such a region
     * that only sandboxes map.
     */
    public enum MetBy {
        /** A sandbox maps it from the beginning. */
        ALL,
        /** The first, whatever it does. */
        CALLS,
        /** The second, whatever it does: heaps grow with use. */
        REPEATS,
        /** The first that gets or posts. */
        TRANSFERS,
        /** The first that posts more than it has got, so that it asks for memory, beside what transfers meet. */
        POSTS,
        /** The first that asks for memory and writes to it. */
        TOUCHES,
        /** The first that waits. */
        WAITS
    }

    /** Who else may use the same physical pages. */
    public enum Sharing {
        /** Never shared. */
        PRIVATE,
        /** Shared until written; a written page becomes private. */
        COPY_ON_WRITE,
        /** Always one physical copy for its group. */
        SHARED,
        /** Private as made, equal in content across its group: a scanner may merge it. */
        MERGEABLE
    }

    public Region {
        Objects.requireNonNull(name);
        Objects.requireNonNull(size);
        Objects.requireNonNull(backing);
        Objects.requireNonNull(sharing);
        Objects.requireNonNull(metBy);
        if (!(volatileShare >= 0 && volatileShare <= 1)) {
            throw new IllegalArgumentException("region " + name + ": volatile share must be within 0..1, was " + volatileShare);
        }
    }
}
