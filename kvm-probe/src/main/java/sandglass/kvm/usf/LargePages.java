package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.cpu.GuestLayout;

/**
 * Large pages that a clone has of its own, as copies of the template's memory, so that its first invocation takes one fault for each
 * instead of one for eight small pages. The host cannot see which small pages of a large one were written; therefore the first recycling
 * puts the template's small pages in their place, and the clone is from then on as others are.
 */
final class LargePages {

    static final LargePages NONE = new LargePages(null, null, List.of(), new PageRuns(), new PageRuns());

    private static final int BYTES = GuestLayout.LARGE_PAGE_BYTES;
    private static final int PAGES = BYTES / Linux.PAGE_BYTES;

    /** Views that wait for a new clone; not more than run at a time on a small host. */
    private static final int MOST_KEPT = 4;

    private final Queue<Mapping> kept = new ConcurrentLinkedQueue<>();
    private final Fd template;
    private final Mapping contents;
    private final List<Integer> numbers;
    private final PageRuns inside;
    private final PageRuns beside;

    private LargePages(Fd template, Mapping contents, List<Integer> numbers, PageRuns inside, PageRuns beside) {
        this.template = template;
        this.contents = contents;
        this.numbers = numbers;
        this.inside = inside;
        this.beside = beside;
    }

    /**
     * Large pages of a template.
     *
     * @param template  its memory file, and {@code contents} a view of it
     * @param numbers   which large pages, counted from address 0
     * @param populated the small pages that a clone gets at once
     */
    static LargePages of(Fd template, Mapping contents, List<Integer> numbers, PageRuns populated) {
        BitSet inside = new BitSet();
        numbers.forEach(number -> inside.set(number * PAGES, (number + 1) * PAGES));
        BitSet beside = populated.pages();
        beside.andNot(inside);
        inside.and(populated.pages());
        return new LargePages(template, contents, numbers, PageRuns.of(inside), PageRuns.of(beside));
    }

    boolean isEmpty() {
        return numbers.isEmpty();
    }

    /** A private view of the template with room for large pages, whatever these contain: a clone's that has gone, or a new one. */
    Mapping newView() {
        Mapping used = kept.poll();
        if (used != null) {
            return used;
        }
        Mapping ram = Linux.mapAligned(template, contents.sizeBytes(), Linux.Sharing.PRIVATE, BYTES);
        for (int number : numbers) {
            ram.replaceByAnonymous((long) number * BYTES, BYTES);
            ram.advise(Linux.Advice.HUGEPAGE, (long) number * BYTES, BYTES);
        }
        return ram;
    }

    /** Takes the view of a clone that has gone without being recycled: making large pages takes the host as long as filling them. */
    void keep(Mapping ram) {
        if (kept.size() >= MOST_KEPT) {
            ram.close();
            return;
        }
        long at = 0;
        for (int number : numbers) {
            drop(ram, at, (long) number * BYTES);
            at = (long) (number + 1) * BYTES;
        }
        drop(ram, at, ram.sizeBytes());
        kept.add(ram);
    }

    private static void drop(Mapping ram, long from, long to) {
        if (from < to) {
            ram.advise(Linux.Advice.DONTNEED, from, to - from);
        }
    }

    /** Makes a view equal to the template in its large pages, and populates what else a clone gets at once. */
    void fill(Mapping ram) {
        for (int number : numbers) {
            ram.bytes().put(number * BYTES, contents.bytes(), number * BYTES, BYTES);
        }
        beside.populate(ram, contents.bytes());
    }

    /**
     * Puts the template's small pages back, of which a clone gets the usual ones at once.
     *
     * @return how many small pages had been changed
     */
    long take(Mapping ram) {
        long changed = 0;
        for (int number : numbers) {
            int offset = number * BYTES;
            for (int page = offset; page < offset + BYTES; page += Linux.PAGE_BYTES) {
                changed += part(ram, page).equals(part(contents, page)) ? 0 : 1;
            }
            ram.replaceByFile(template, offset, BYTES, Linux.Sharing.PRIVATE);
        }
        inside.populate(ram, contents.bytes());
        return changed;
    }

    /** Unmaps what is kept. */
    void close() {
        for (Mapping ram = kept.poll(); ram != null; ram = kept.poll()) {
            ram.close();
        }
    }

    private static ByteBuffer part(Mapping memory, int offset) {
        return memory.bytes().slice(offset, Linux.PAGE_BYTES);
    }
}
