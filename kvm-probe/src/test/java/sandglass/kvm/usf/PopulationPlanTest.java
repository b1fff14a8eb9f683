package sandglass.kvm.usf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** Oracle: the kernel's rule for mapping neighbours of a faulting page, followed by hand on groups of eight pages. */
class PopulationPlanTest {

    private static final int PAGES_FOR_A_FAULT = 3;

    private static BitSet pages(int... numbers) {
        BitSet pages = new BitSet();
        for (int number : numbers) {
            pages.set(number);
        }
        return pages;
    }

    /** 512 small pages a large one; groups of eight are the first touched pages' only, so each far page is a fault. */
    @Test
    void choosesTheLargePagesThatTakeMostFaults() {
        BitSet touched = pages(512, 600, 700, 1024, 1536, 1600, 2048, 2100, 2200, 2300);
        assertThat(PopulationPlan.largePages(new BitSet(), touched, 9, 2)).containsExactly(1, 3, 4);
        assertThat(PopulationPlan.largePages(new BitSet(), touched, 2, 2)).containsExactly(1, 4);
        assertThat(PopulationPlan.largePages(new BitSet(), touched, 9, 5)).isEmpty();
    }

    @Test
    void whatIsWrittenIsAlwaysPopulated() {
        BitSet written = pages(3, 17, 40);
        assertThat(PopulationPlan.of(written, written, PAGES_FOR_A_FAULT)).isEqualTo(written);
    }

    /** Five faults (0, 2, 4, 5, 7 apart), or one if 1, 3 and 6 are present too: three pages for four faults. */
    @Test
    void fillsAGroupWhereThatSavesFaults() {
        BitSet written = pages(8, 10, 12, 13, 15);
        assertThat(PopulationPlan.of(written, written, PAGES_FOR_A_FAULT)).isEqualTo(pages(8, 9, 10, 11, 12, 13, 14, 15));
    }

    /** As before, but a page for a fault: 9 and 11 are worth it, since 8 to 13 then take one fault; 14 would cost what it saves. */
    @Test
    void fillsLessWhereMemoryIsDear() {
        BitSet written = pages(8, 10, 12, 13, 15);
        assertThat(PopulationPlan.of(written, written, 1)).isEqualTo(pages(8, 9, 10, 11, 12, 13, 15));
    }

    /** Page 15 alone would need 8 to 14 for nothing: one fault either way. */
    @Test
    void leavesAGroupWithOnePageAlone() {
        assertThat(PopulationPlan.of(pages(15), pages(15), PAGES_FOR_A_FAULT)).isEqualTo(pages(15));
    }

    /** 0 and 1 are only read: made present with 2, they cost three pages and save two of three faults. */
    @Test
    void populatesPagesThatAreOnlyReadBesideWrittenOnes() {
        assertThat(PopulationPlan.of(pages(3), pages(0, 1, 3), PAGES_FOR_A_FAULT)).isEqualTo(pages(0, 1, 2, 3));
    }

    /** Two pages six apart: five pages between them for one fault is too dear. */
    @Test
    void doesNotBuyAFaultWithTooManyPages() {
        assertThat(PopulationPlan.of(pages(0, 6), pages(0, 6), PAGES_FOR_A_FAULT)).isEqualTo(pages(0, 6));
    }

    /** Groups are aligned: 7 and 8 are not neighbours to the kernel. */
    @Test
    void aGroupEndsAtAMultipleOfEight() {
        assertThat(PopulationPlan.of(pages(7, 8), pages(7, 8), PAGES_FOR_A_FAULT)).isEqualTo(pages(7, 8));
    }
}
