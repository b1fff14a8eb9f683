package sandglass.kvm.usf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.sys.PrivatePages;

/** Oracle: byte comparison with the template. */
@RequiresKvm
class LargePagesTest {

    private static final String INCREMENT = "def handler(event, etl):\n    return event['n'] + 1\n";
    private static final String SECRETIVE = """
            import json
            def handler(event, etl):
                json.kept = [event['secret'] + str(i) for i in range(20000)]
                return len(json.kept)
            """;
    private static final String SECRET = "{\"secret\": \"uncommonly-secret-\"}";
    private static final int LARGE = 2 << 20;
    private static final int SMALL = Linux.PAGE_BYTES;

    private static UsfConfig config() {
        return UsfConfig.defaults().withPopulation(UsfConfig.Population.LARGE_PAGES);
    }

    private static void keepsSecret(Usf usf) {
        assertThat(usf.invoke(SECRETIVE, SECRET).outcome()).isEqualTo(new Outcome.Result("20000"));
    }

    private static void isClean(Usf usf, UsfFactory factory) {
        assertThat(usf.machine().ram().bytes().mismatch(factory.template().contents().bytes())).isEqualTo(-1);
        assertThat(usf.residue(List.of("uncommonly-secret-1"))).isEqualTo(usf.residue(List.of("no such text")));
    }

    @Test
    void recyclingLeavesNothingAndCountsTheFunctionsPages() {
        try (UsfFactory factory = new UsfFactory(config(), System::nanoTime); UsfPool pool = new UsfPool(factory, System::nanoTime);
                Usf usf = factory.create()) {
            for (int i = 0; i < 3; i++) {
                keepsSecret(usf);
                assertThat(pool.recycle(usf).dirtyPages()).isGreaterThan(20000 * 18 / SMALL);
                assertThat(usf.hasLargePages()).isFalse();
                isClean(usf, factory);
                assertThat(usf.invoke(INCREMENT, "{\"n\": 1}").outcome()).isEqualTo(new Outcome.Result("2"));
                pool.recycle(usf);
            }
        }
    }

    /** The view of a clone that was closed without recycling serves another. */
    @Test
    void aCloneHasNothingOfOneThatHasGone() {
        try (UsfFactory factory = new UsfFactory(config(), System::nanoTime)) {
            for (int i = 0; i < 3; i++) {
                try (Usf usf = factory.create()) {
                    isClean(usf, factory);
                    keepsSecret(usf);
                }
            }
        }
    }

    @Test
    void closingTwiceGivesItsMemoryToOneOnly() {
        try (UsfFactory factory = new UsfFactory(config(), System::nanoTime)) {
            Usf gone = factory.create();
            gone.close();
            gone.close();
            try (Usf one = factory.create(); Usf other = factory.create()) {
                assertThat(one.memory().address()).isNotEqualTo(other.memory().address());
                keepsSecret(one);
                isClean(other, factory);
            }
        }
    }

    @Test
    void smallGuestsHaveNone() {
        try (UsfFactory factory = new UsfFactory(config().withRamBytes(36L << 20), System::nanoTime); Usf usf = factory.create()) {
            assertThat(usf.hasLargePages()).isFalse();
            assertThat(usf.invoke(INCREMENT, "{\"n\": 1}").outcome()).isEqualTo(new Outcome.Result("2"));
        }
    }

    /** Two large pages of a file of four, of which each small page holds its number; no KVM is needed for this. */
    @Test
    void takesBackWhatItGave() {
        try (Fd file = Linux.memoryFile("large-pages-test", 4L * LARGE);
                Mapping contents = Linux.map(file, 0, 4L * LARGE, Linux.Sharing.SHARED);
                PrivatePages scanner = PrivatePages.open()) {
            for (int page = 0; page < 4 * LARGE / SMALL; page++) {
                contents.bytes().putInt(page * SMALL, page + 1);
            }
            LargePages pages = LargePages.of(file, contents, List.of(1, 3), new PageRuns());
            try (Mapping ram = pages.newView()) {
                assertThat(ram.address() % LARGE).isZero();
                pages.fill(ram);
                assertThat(ram.bytes().mismatch(contents.bytes())).isEqualTo(-1);
                ram.bytes().put(LARGE, (byte) 77).put(2 * LARGE - 1, (byte) 77).put(3 * LARGE + 5, (byte) 77);
                assertThat(pages.take(ram)).isEqualTo(3);
                assertThat(ram.bytes().mismatch(contents.bytes())).isEqualTo(-1);
                AtomicLong privatePages = new AtomicLong();
                assertThat(scanner.scan(ram, (offset, length) -> privatePages.addAndGet(length))).isZero();
                assertThat(privatePages).hasValue(0);
            }
            pages.close();
        }
    }
}
