package sandglass.model;

/** What one sandbox occupies beyond what its image says: the function's own memory and the pages it wrote. */
final class Footprint {

    /** Private memory of the function that it is assigned to, bytes. */
    long functionBytes;
    /** Pages of memory that its function asked for and wrote to. */
    long fresh;
    /** How many of them there are at most when the invocation at hand is over. */
    long mostFresh;
    /** What transfers left with it, bytes. */
    long keptBytes;
    /** The kinds of {@link sandglass.scenario.Region.MetBy} that it has met, as bits. */
    int met;
    /** Pages written since it was ready; always the first ones, in the order of {@link ImageLayout}. */
    long dirty;
    /** How many pages the invocation at hand writes at most, and the bytes set aside for those not written yet. */
    long mostDirty;
    long reservedBytes;
    /** What the sharing policy keeps for this sandbox, or null. */
    Object pages;
    /** Where it stands among those alive. */
    int slot;
    /** Whether it has served an invocation. */
    boolean served;
    /** Whether it does something now. */
    boolean busy;

    void clear() {
        functionBytes = 0;
        dirty = 0;
        mostDirty = 0;
        reservedBytes = 0;
        pages = null;
        served = false;
        fresh = 0;
        mostFresh = 0;
        keptBytes = 0;
        met = 0;
        busy = false;
    }
}
