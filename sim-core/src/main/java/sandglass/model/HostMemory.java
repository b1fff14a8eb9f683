package sandglass.model;

import sandglass.platform.StepSeries;
import sandglass.platform.Timeline;
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
    private final StepSeries series = new StepSeries("memory", Unit.BYTES, "Host memory");
    private long bytes;
    private long alive;
    private long mostBytes;
    private long aliveAtMost;

    HostMemory(Timeline timeline, long capacityBytes, ImageLayout layout, Sharing sharing) {
        this.timeline = timeline;
        this.capacityBytes = capacityBytes;
        this.layout = layout;
        this.sharing = sharing;
        restart();
    }

    /** Forgets what was measured so far, not what is occupied. */
    void restart() {
        series.begin(timeline.nowNs());
        mostBytes = bytes;
        aliveAtMost = alive;
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
        alive++;
        sharing.add(footprint);
        changed(more);
        return true;
    }

    /** Makes room for the memory of the function that the sandbox is now assigned to; false, and nothing done, if it does not fit. */
    boolean assign(Footprint footprint, long functionBytes) {
        long more = functionBytes - footprint.functionBytes;
        if (!fits(more)) {
            return false;
        }
        footprint.functionBytes = functionBytes;
        changed(more);
        return true;
    }

    /** The sandbox has written to its first {@code pages} pages, or more; false, and nothing done, if the copies do not fit. */
    boolean write(Footprint footprint, long pages) {
        if (pages <= footprint.dirty) {
            return true;
        }
        long beyond = layout.bytesBeyond(pages) - layout.bytesBeyond(footprint.dirty);
        long more = beyond + sharing.bytesToWrite(footprint, footprint.dirty, pages);
        if (!fits(more)) {
            return false;
        }
        sharing.write(footprint, footprint.dirty, pages);
        footprint.dirty = pages;
        changed(more);
        return true;
    }

    /** The sandbox gets its ready state back: written pages and its function's memory are returned. */
    void restore(Footprint footprint) {
        long less = layout.bytesBeyond(footprint.dirty) + sharing.restore(footprint, footprint.dirty) + footprint.functionBytes;
        footprint.dirty = 0;
        footprint.functionBytes = 0;
        changed(-less);
    }

    /** The sandbox is gone with all that it had. */
    void remove(Footprint footprint) {
        restore(footprint);
        alive--;
        changed(-sharing.remove(footprint));
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

    /** Physical memory in use now, bytes. */
    long bytes() {
        return bytes;
    }

    private long beyondImage(Footprint footprint) {
        return layout.bytesBeyond(footprint.dirty) + footprint.functionBytes;
    }

    private boolean fits(long more) {
        return more <= capacityBytes - bytes;
    }

    /** Physical memory has risen by so many bytes, or fallen. */
    void changed(long difference) {
        if (difference != 0) {
            series.hold(bytes, timeline.nowNs());
            bytes += difference;
        }
        if (bytes > mostBytes || bytes == mostBytes && alive > aliveAtMost) {
            mostBytes = bytes;
            aliveAtMost = alive;
        }
        if (bytes < 0 || alive == 0 && bytes != 0) {
            throw new IllegalStateException("at " + timeline.nowNs() + " ns, " + alive + " sandboxes occupy " + bytes + " B");
        }
    }
}
