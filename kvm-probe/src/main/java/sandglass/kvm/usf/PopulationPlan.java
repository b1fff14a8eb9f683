package sandglass.kvm.usf;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.usf.cpu.GuestLayout;

/**
 * Which pages a new clone gets at once. Those that every invocation writes; and others beside them, where that saves faults: on a fault
 * KVM maps the pages of the same aligned group of eight too, from the group's first on, as far as they are present and writable
 * (PTE_PREFETCH_NUM and __direct_pte_prefetch in Linux, arch/x86/kvm/mmu/mmu.c). So a group that is filled up to the last page that is
 * touched costs one fault instead of up to eight.
 */
final class PopulationPlan {

    private static final int GROUP_PAGES = 8;
    /** A page costs memory in every clone, a fault time in every first invocation: what one is worth in the other where clones are small and many. */
    static final int PAGES_FOR_A_FAULT = 1;
    /** The same in guests that have memory to spare. */
    static final int PAGES_FOR_A_FAULT_IF_ROOMY = 6;

    private static final int LARGE_PAGE_PAGES = GuestLayout.LARGE_PAGE_BYTES / Linux.PAGE_BYTES;

    private PopulationPlan() {
    }

    /**
     * Chooses the large pages in which small ones take most faults: one fault maps all of a large page that is the clone's own.
     *
     * @param present     pages that a clone gets at once
     * @param touched     pages that an invocation reads or writes
     * @param most        how many large pages at most
     * @param leastFaults how many faults a large page must take to be chosen
     * @return numbers of large pages
     */
    static List<Integer> largePages(BitSet present, BitSet touched, int most, int leastFaults) {
        Map<Integer, Integer> faults = new TreeMap<>();
        for (int page = touched.nextSetBit(0); page >= 0;) {
            int group = page / GROUP_PAGES * GROUP_PAGES;
            faults.merge(group / LARGE_PAGE_PAGES, faults(present, touched, group, 0), Integer::sum);
            page = touched.nextSetBit(group + GROUP_PAGES);
        }
        return faults.entrySet().stream().filter(entry -> entry.getValue() >= leastFaults)
                .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed()).limit(most).map(Map.Entry::getKey).sorted().toList();
    }

    /**
     * Chooses the pages.
     *
     * @param written pages that an invocation writes
     * @param touched pages that it reads or writes
     * @param pagesForFault how many pages may be added to save one fault
     */
    static BitSet of(BitSet written, BitSet touched, int pagesForFault) {
        BitSet plan = (BitSet) written.clone();
        for (int page = touched.nextSetBit(0); page >= 0;) {
            int group = page / GROUP_PAGES * GROUP_PAGES;
            plan.set(group, group + bestFill(written, touched, group, pagesForFault));
            page = touched.nextSetBit(group + GROUP_PAGES);
        }
        return plan;
    }

    private static int bestFill(BitSet written, BitSet touched, int group, int pagesForFault) {
        int best = 0;
        int bestCost = pagesForFault * faults(written, touched, group, 0);
        int extraPages = 0;
        for (int fill = 1; fill <= GROUP_PAGES; fill++) {
            extraPages += written.get(group + fill - 1) ? 0 : 1;
            int cost = extraPages + pagesForFault * faults(written, touched, group, fill);
            if (cost < bestCost) {
                best = fill;
                bestCost = cost;
            }
        }
        return best;
    }

    /** How many faults a group takes whose pages are touched in ascending order and of which the first {@code fill} are present. */
    private static int faults(BitSet written, BitSet touched, int group, int fill) {
        BitSet mapped = new BitSet(GROUP_PAGES);
        int faults = 0;
        for (int page = 0; page < GROUP_PAGES; page++) {
            if (touched.get(group + page) && !mapped.get(page)) {
                faults++;
                mapped.set(page);
                prefetch(written, group, fill, mapped);
            }
        }
        return faults;
    }

    /** Maps each run of pages that are not, from its first one on; ends with the first run of which none can be mapped. */
    private static void prefetch(BitSet written, int group, int fill, BitSet mapped) {
        for (int start = mapped.nextClearBit(0); start < GROUP_PAGES;) {
            int mappedNext = mapped.nextSetBit(start);
            int end = mappedNext < 0 ? GROUP_PAGES : mappedNext;
            int page = start;
            while (page < end && (page < fill || written.get(group + page))) {
                mapped.set(page++);
            }
            if (page == start) {
                return;
            }
            start = mapped.nextClearBit(end);
        }
    }
}
