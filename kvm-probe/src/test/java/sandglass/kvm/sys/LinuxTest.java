package sandglass.kvm.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sandglass.kvm.sys.Linux.Access;
import sandglass.kvm.sys.Linux.Advice;
import sandglass.kvm.sys.Linux.Resource;
import sandglass.kvm.sys.Linux.Seal;
import sandglass.kvm.sys.Linux.Sharing;

/** Oracle: the manual pages of Linux, and the kernel itself through /proc. */
class LinuxTest {

    private static final int PAGE = Linux.PAGE_BYTES;

    @Test
    void aRefusedCallNamesTheCallTheReasonAndTheObject() {
        SystemCallException failure = catchThrowableOfType(SystemCallException.class,
                () -> Linux.open("/no/such/file", Access.READ_ONLY));
        assertThat(failure.call()).isEqualTo("open");
        assertThat(failure.errno()).isEqualTo(Errno.ENOENT);
        assertThat(failure).hasMessage("open on /no/such/file: ENOENT");
    }

    @Test
    void mmapReceivesItsSixthArgument() {
        // The bug this guards against: jnr-ffi 2.3.4 passes garbage as sixth integer argument of all-primitive calls.
        try (Fd file = Linux.memoryFile("sixth", 3 * PAGE);
                Mapping whole = Linux.map(file, 0, 3 * PAGE, Sharing.SHARED)) {
            for (int page = 0; page < 3; page++) {
                whole.bytes().putInt(page * PAGE, 100 + page);
            }
            for (int page = 0; page < 3; page++) {
                try (Mapping one = Linux.map(file, (long) page * PAGE, PAGE, Sharing.READ_ONLY)) {
                    assertThat(one.bytes().getInt(0)).isEqualTo(100 + page);
                }
            }
        }
    }

    @Test
    void aClosedDescriptorIsRefusedByEveryCall() {
        Fd fd = Linux.eventFd();
        fd.close();
        fd.close();
        assertErrno(Errno.EBADF, () -> Linux.map(fd, 0, PAGE, Sharing.READ_ONLY));
        assertErrno(Errno.EBADF, () -> Linux.ioctl("KVM_RUN", fd, 0xAE80, 0));
        assertErrno(Errno.EBADF, () -> Linux.pread(fd, NativeBuffer.ofSize(8), 8, 0));
        assertErrno(Errno.EBADF, () -> Linux.seal(fd, EnumSet.of(Seal.WRITE)));
        assertThat(Linux.tryIoctl(fd, 0xAE80, 0)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void aSealedMemoryFileCannotBeWrittenButPrivateCopiesCan() {
        try (Fd file = Linux.memoryFile("sealed", PAGE)) {
            try (Mapping writable = Linux.map(file, 0, PAGE, Sharing.SHARED)) {
                writable.bytes().putLong(0, 42);
            }
            Linux.seal(file, EnumSet.allOf(Seal.class));
            assertThat(Linux.isSealed(file, Seal.WRITE)).isTrue();
            assertErrno(Errno.EPERM, () -> Linux.map(file, 0, PAGE, Sharing.SHARED));
            try (Mapping copy = Linux.map(file, 0, PAGE, Sharing.PRIVATE);
                    Mapping original = Linux.map(file, 0, PAGE, Sharing.READ_ONLY)) {
                copy.bytes().putLong(0, 43);
                assertThat(copy.bytes().getLong(0)).isEqualTo(43);
                assertThat(original.bytes().getLong(0)).isEqualTo(42);
                copy.advise(Advice.DONTNEED, 0, PAGE);
                assertThat(copy.bytes().getLong(0)).isEqualTo(42);
            }
        }
    }

    @Test
    void bothScansFindExactlyThePagesWritten() {
        int pages = 5000;
        TreeSet<Long> written = new TreeSet<>(List.of(0L, 1L, 2L, 7L, 511L, 512L, 4095L, 4999L));
        for (long page = 1000; page < 4000; page += 2) {
            written.add(page);
        }
        try (Fd file = Linux.memoryFile("scan", (long) pages * PAGE);
                Mapping mapping = Linux.map(file, 0, (long) pages * PAGE, Sharing.PRIVATE)) {
            for (int page = 0; page < pages; page++) {
                // Reading maps the file's page without making a private copy.
                assertThat(mapping.bytes().getInt(page * PAGE)).isZero();
            }
            written.forEach(page -> mapping.bytes().putInt((int) (page * PAGE), 1));
            try (PrivatePages best = PrivatePages.open();
                    PrivatePages fallback = PrivatePages.open(PrivatePages.Method.PAGEMAP_FILE)) {
                assertThat(pagesFound(best, mapping)).containsExactlyElementsOf(written);
                assertThat(pagesFound(fallback, mapping)).containsExactlyElementsOf(written);
            }
        }
    }

    private static List<Long> pagesFound(PrivatePages scanner, Mapping mapping) {
        List<Long> found = new ArrayList<>();
        long count = scanner.scan(mapping, (offset, length) -> {
            for (long page = offset / PAGE; page < (offset + length) / PAGE; page++) {
                found.add(page);
            }
        });
        assertThat(count).isEqualTo(found.size());
        return found;
    }

    @Test
    void adviceOutsideAMappingIsRefusedBeforeTheKernelSeesIt() {
        try (Mapping mapping = Linux.mapAnonymous(2 * PAGE)) {
            assertThatThrownBy(() -> mapping.advise(Advice.DONTNEED, PAGE, 2 * PAGE))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> mapping.advise(Advice.DONTNEED, Long.MAX_VALUE, PAGE))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void limitsAgreeWithProc() throws Exception {
        String line = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(l -> l.startsWith("Max open files")).findFirst().orElseThrow();
        Linux.Limit limit = Linux.limit(Resource.OPEN_FILES);
        assertThat(line.replaceAll(" +", " ")).contains(limit.soft() + " " + limit.hard());
        Linux.setLimit(Resource.OPEN_FILES, limit);
        assertThat(Linux.limit(Resource.OPEN_FILES)).isEqualTo(limit);
    }

    @Test
    void theWakeSignalHarmsNobody() throws Exception {
        WakeSignal signal = WakeSignal.install();
        AtomicInteger thread = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        Thread sleeper = new Thread(() -> {
            thread.set(Linux.currentThread());
            started.countDown();
            try {
                finish.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        sleeper.start();
        started.await();
        for (int i = 0; i < 100; i++) {
            signal.send(thread.get());
        }
        assertThat(sleeper.isAlive()).isTrue();
        finish.countDown();
        sleeper.join();
        signal.send(thread.get());
        assertThat(sleeper.isInterrupted()).isFalse();
    }

    private static void assertErrno(int errno, Runnable call) {
        assertThat(catchThrowableOfType(SystemCallException.class, call::run).errno()).isEqualTo(errno);
    }
}
