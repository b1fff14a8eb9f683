package sandglass.model;

import java.util.ArrayList;
import java.util.List;
import sandglass.platform.SampleCollector;
import sandglass.platform.StepSeries;
import sandglass.platform.Timeline;
import sandglass.result.Series;
import sandglass.unit.Quantities;
import sandglass.unit.Unit;

/**
 * The host's physical memory: what all sandboxes and what they share occupy, over time. Never more than there is: whoever asks for
 * more is told no.
 */
final class HostMemory {

    private final Timeline timeline;
    private final long capacityBytes;
    private final ImageLayout layout;
    private final Sharing sharing;
    private final KsmScanner scanner;
    private final StepSeries series = new StepSeries("memory", Unit.BYTES, "Host memory");
    private final List<Footprint> alive = new ArrayList<>();
    private Sizes gone = new Sizes();
    private Sizes sizes = gone;
    private long bytes;
    /** What invocations under way may still write. */
    private long reservedBytes;
    private long mostBytes;
    private long aliveAtMost;
    private long beganNs;

    /** Sizes of some sandboxes, bytes. */
    private static final class Sizes {

        private final SampleCollector resident = new SampleCollector();
        private final SampleCollector proportional = new SampleCollector();
        private final SampleCollector unique = new SampleCollector();
    }

    /** @param scanner told of every change, or null */
    HostMemory(Timeline timeline, long capacityBytes, ImageLayout layout, Sharing sharing, KsmScanner scanner) {
        this.timeline = timeline;
        this.capacityBytes = capacityBytes;
        this.layout = layout;
        this.sharing = sharing;
        this.scanner = scanner;
        if (scanner != null) {
            scanner.serve(this);
        }
        restart();
    }

    ImageLayout layout() {
        return layout;
    }

    /** Makes room for one sandbox more, with {@code functionBytes} of its function's own; false, and nothing done, if it does not fit. */
    boolean add(Footprint footprint, long functionBytes) {
        long more = sharing.bytesToAdd() + functionBytes;
        if (!fits(more)) {
            return false;
        }
        footprint.clear();
        footprint.functionBytes = functionBytes;
        footprint.slot = alive.size();
        alive.add(footprint);
        sharing.add(footprint);
        changed(more);
        noticed();
        return true;
    }

    /**
     * Makes room for an invocation: for its function's memory and what it occupies at once, for writing to the first {@code pages} pages and
     * to {@code fresh} pages that it asks for later; false, and nothing done, if it does not fit.
     */
    boolean admit(Footprint footprint, long functionBytes, Occupies occupies, long pages, long fresh) {
        int met = occupies.met() & ~footprint.met;
        long kept = Math.max(footprint.keptBytes, occupies.keptBytes());
        long more = functionBytes - footprint.functionBytes + kept - footprint.keptBytes + sharing.bytesToMeet(met);
        if (more == 0 && met == 0 && pages <= footprint.dirty && fresh <= footprint.fresh) {
            return true;
        }
        long reserve = mostBytesToWrite(footprint, pages) + freshBytes(fresh - footprint.fresh);
        if (more + reserve > 0 && !fits(more + reserve)) {
            return false;
        }
        footprint.functionBytes = functionBytes;
        footprint.keptBytes = kept;
        sharing.meet(met);
        footprint.met |= met;
        footprint.mostDirty = pages;
        footprint.mostFresh = fresh;
        reserve(footprint, reserve);
        changed(more);
        return true;
    }

    /**
     * The sandbox has written to its first {@code pages} pages, or more.
     *
     * @throws IllegalStateException if there is no room for the copies, for which {@link #admit} would have made some
     */
    void write(Footprint footprint, long pages) {
        if (pages <= footprint.dirty) {
            return;
        }
        long beyond = layout.bytesBeyond(pages) - layout.bytesBeyond(footprint.dirty);
        long more = beyond + sharing.bytesToWrite(footprint, footprint.dirty, pages);
        sharing.write(footprint, footprint.dirty, pages);
        footprint.dirty = pages;
        wrote(footprint, more);
    }

    /** The sandbox has written to {@code fresh} pages that its function asked for, or more; otherwise as {@link #write}. */
    void writeFresh(Footprint footprint, long fresh) {
        if (fresh > footprint.fresh) {
            long more = freshBytes(fresh - footprint.fresh);
            footprint.fresh = fresh;
            wrote(footprint, more);
        }
    }

    private void wrote(Footprint footprint, long more) {
        reserve(footprint, mostBytesToWrite(footprint, footprint.mostDirty) + freshBytes(footprint.mostFresh - footprint.fresh));
        if (!fits(more)) {
            throw new IllegalStateException("at " + timeline.nowNs() + " ns a sandbox writes " + more + " B that were not reserved for it");
        }
        changed(more);
        noticed();
    }

    /**
     * The sandbox gets its ready state back: its function's memory is returned, and pages written beyond the first {@code kept}, of which those
     * of the image come first; with these, if there are any, what only sandboxes map of what it has met.
     */
    void restore(Footprint footprint, long kept) {
        int lost = kept < footprint.dirty + footprint.fresh ? footprint.met & ImageLayout.GIVEN_BACK : 0;
        // Where a scanner merges, a page that has its old content again is its to merge, whoever has copied it back.
        long less = giveBack(footprint, scanner == null ? kept : 0) + sharing.forget(lost);
        footprint.met &= ~lost;
        changed(-less);
        noticed();
    }

    /** The sandbox is gone with all that it had. */
    void remove(Footprint footprint) {
        if (footprint.served) {
            sample(footprint, gone);
        }
        long less = giveBack(footprint, 0) + footprint.keptBytes + sharing.remove(footprint);
        Footprint last = alive.remove(alive.size() - 1);
        if (last != footprint) {
            alive.set(footprint.slot, last);
            last.slot = footprint.slot;
        }
        changed(-less);
        noticed();
    }

    /** The sandbox has served an invocation. */
    void served(Footprint footprint) {
        footprint.served = true;
        reserve(footprint, 0);
    }

    /** A scanner looks at the next pages; what it merges is returned. */
    void look(long pages) {
        changed(-sharing.look(pages));
    }

    /** Physical memory has risen by so many bytes, or fallen. */
    void changed(long difference) {
        if (difference != 0) {
            series.hold(bytes, timeline.nowNs());
            bytes += difference;
        }
        if (bytes > mostBytes || bytes == mostBytes && alive.size() > aliveAtMost) {
            mostBytes = bytes;
            aliveAtMost = alive.size();
        }
        if (bytes < 0 || alive.isEmpty() && bytes != 0) {
            throw new IllegalStateException("at " + timeline.nowNs() + " ns, " + alive.size() + " sandboxes occupy " + bytes + " B");
        }
    }

    /** What the sandbox maps, each page in full, bytes. */
    long residentBytes(Footprint footprint) {
        return layout.mappedBytes() + layout.metBytes(footprint.met) + beyondImage(footprint);
    }

    /** What the sandbox alone maps, bytes. */
    long uniqueBytes(Footprint footprint) {
        return sharing.uniqueBytes(footprint) + beyondImage(footprint);
    }

    /** What the sandbox maps, each page divided by the number of those who map it, bytes. */
    double proportionalBytes(Footprint footprint) {
        return sharing.proportionalBytes(footprint) + beyondImage(footprint);
    }

    /** About what eviction of the sandbox would free, bytes. */
    long freedBytes(Footprint footprint) {
        return sharing.freedBytes(footprint) + beyondImage(footprint);
    }

    /** Physical memory in use now, bytes. */
    long bytes() {
        return bytes;
    }

    /** Physical memory kept for sandboxes to come though none maps it now, bytes. */
    long unmappedBytes() {
        return sharing.unmappedBytes();
    }

    /** The sandboxes alive now, in no order. */
    List<Footprint> alive() {
        return alive;
    }

    /** Forgets what was measured so far, not what is occupied. */
    void restart() {
        beganNs = timeline.nowNs();
        series.begin(beganNs);
        mostBytes = bytes;
        aliveAtMost = alive.size();
        gone = new Sizes();
        sizes = gone;
    }

    /**
     * The measured time ends: who is idle and has served is sampled. If nobody is, those count who are idle; if there are none either, those who
     * have gone, or else all that are alive.
     */
    void end() {
        series.hold(bytes, timeline.nowNs());
        sizes = new Sizes();
        alive.stream().filter(footprint -> footprint.served && !footprint.busy).forEach(footprint -> sample(footprint, sizes));
        if (sizes.resident.isEmpty()) {
            alive.stream().filter(footprint -> !footprint.busy).forEach(footprint -> sample(footprint, sizes));
        }
        if (sizes.resident.isEmpty()) {
            sizes = gone;
        }
        if (sizes.resident.isEmpty()) {
            alive.forEach(footprint -> sample(footprint, sizes));
        }
    }

    /** The time average until {@link #end}, bytes; what is there now if no time has passed. */
    double meanBytes() {
        long spanNs = timeline.nowNs() - beganNs;
        return spanNs == 0 ? bytes : series.integral() / spanNs;
    }

    /** Averages over equal parts of the measured time, bytes. */
    double[] batchMeans() {
        return series.batchMeans();
    }

    long mostBytes() {
        return mostBytes;
    }

    /** Memory divided by the sandboxes alive, bytes: now, or, if none is, when memory was most; zero if none ever was. */
    double bytesEach() {
        if (!alive.isEmpty()) {
            return (double) bytes / alive.size();
        }
        return aliveAtMost == 0 ? 0 : (double) mostBytes / aliveAtMost;
    }

    Series series() {
        return series.series();
    }

    SampleCollector resident() {
        return sizes.resident;
    }

    SampleCollector proportional() {
        return sizes.proportional;
    }

    SampleCollector unique() {
        return sizes.unique;
    }

    private long giveBack(Footprint footprint, long keptPages) {
        reserve(footprint, 0);
        long kept = Math.min(keptPages, footprint.dirty);
        long keptFresh = Math.min(keptPages - kept, footprint.fresh);
        long less = layout.bytesBeyond(footprint.dirty) - layout.bytesBeyond(kept) + sharing.restore(footprint, kept, footprint.dirty)
                + footprint.functionBytes + freshBytes(footprint.fresh - keptFresh);
        footprint.dirty = kept;
        footprint.fresh = keptFresh;
        footprint.functionBytes = 0;
        return less;
    }

    private void sample(Footprint footprint, Sizes into) {
        into.resident.add(residentBytes(footprint));
        into.proportional.add(Math.round(proportionalBytes(footprint)));
        into.unique.add(uniqueBytes(footprint));
    }

    private long beyondImage(Footprint footprint) {
        return layout.bytesBeyond(footprint.dirty) + footprint.functionBytes + footprint.keptBytes + freshBytes(footprint.fresh);
    }

    private static long freshBytes(long pages) {
        return Math.max(0, pages) * Quantities.PAGE_BYTES;
    }

    private boolean fits(long more) {
        return more <= capacityBytes - bytes - reservedBytes;
    }

    private long mostBytesToWrite(Footprint footprint, long pages) {
        return pages <= footprint.dirty ? 0 : layout.bytesBeyond(pages) - layout.bytesBeyond(footprint.dirty)
                + sharing.mostBytesToWrite(footprint, footprint.dirty, pages);
    }

    private void reserve(Footprint footprint, long newBytes) {
        reservedBytes += newBytes - footprint.reservedBytes;
        footprint.reservedBytes = newBytes;
    }

    private void noticed() {
        if (scanner != null) {
            scanner.notice();
        }
    }
}
