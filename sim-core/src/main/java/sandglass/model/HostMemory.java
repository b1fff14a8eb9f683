package sandglass.model;

import java.util.ArrayList;
import java.util.List;
import sandglass.platform.SampleCollector;
import sandglass.platform.StepSeries;
import sandglass.platform.Timeline;
import sandglass.result.Series;
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
    private SampleCollector resident = new SampleCollector();
    private SampleCollector proportional = new SampleCollector();
    private SampleCollector unique = new SampleCollector();
    private long bytes;
    /** What invocations under way may still write. */
    private long reservedBytes;
    private long mostBytes;
    private long aliveAtMost;
    private long beganNs;

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
     * Makes room for an invocation: for its function's memory at once, and for writing to the first {@code pages} pages later; false, and
     * nothing done, if it does not fit.
     */
    boolean admit(Footprint footprint, long functionBytes, long pages) {
        long more = functionBytes - footprint.functionBytes;
        if (more == 0 && pages <= footprint.dirty) {
            return true;
        }
        long reserve = mostBytesToWrite(footprint, pages);
        if (more + reserve > 0 && !fits(more + reserve)) {
            return false;
        }
        footprint.functionBytes = functionBytes;
        footprint.mostDirty = pages;
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
        reserve(footprint, mostBytesToWrite(footprint, footprint.mostDirty));
        if (!fits(more)) {
            throw new IllegalStateException("at " + timeline.nowNs() + " ns a sandbox writes " + more + " B that were not reserved for it");
        }
        changed(more);
        noticed();
    }

    /** The sandbox gets its ready state back: its function's memory is returned, and pages written beyond the first {@code kept}. */
    void restore(Footprint footprint, long kept) {
        long less = giveBack(footprint, Math.min(kept, footprint.dirty));
        changed(-less);
        noticed();
    }

    /** The sandbox is gone with all that it had. */
    void remove(Footprint footprint) {
        if (footprint.served) {
            sample(footprint);
        }
        long less = giveBack(footprint, 0) + sharing.remove(footprint);
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
        if (sharing.settledAtOnce()) {
            sample(footprint);
        }
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
        return layout.mappedBytes() + beyondImage(footprint);
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
        resident = new SampleCollector();
        proportional = new SampleCollector();
        unique = new SampleCollector();
    }

    /** The measured time ends: who is alive is sampled now if sizes have gone on changing, or if nobody has served. */
    void end() {
        series.hold(bytes, timeline.nowNs());
        boolean nobody = resident.isEmpty();
        alive.stream().filter(footprint -> footprint.served || nobody).forEach(this::sample);
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
        return resident;
    }

    SampleCollector proportional() {
        return proportional;
    }

    SampleCollector unique() {
        return unique;
    }

    private long giveBack(Footprint footprint, long kept) {
        reserve(footprint, 0);
        long less = layout.bytesBeyond(footprint.dirty) - layout.bytesBeyond(kept) + sharing.restore(footprint, kept, footprint.dirty)
                + footprint.functionBytes;
        footprint.dirty = kept;
        footprint.functionBytes = 0;
        return less;
    }

    private void sample(Footprint footprint) {
        if (!footprint.sampled) {
            footprint.sampled = true;
            resident.add(residentBytes(footprint));
            proportional.add(Math.round(proportionalBytes(footprint)));
            unique.add(uniqueBytes(footprint));
        }
    }

    private long beyondImage(Footprint footprint) {
        return layout.bytesBeyond(footprint.dirty) + footprint.functionBytes;
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
