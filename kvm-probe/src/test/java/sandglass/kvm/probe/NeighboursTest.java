package sandglass.kvm.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NeighboursTest {

    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private static Set<Long> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    @Test void theyComputeUntilTheRunIsOver() throws Exception {
        // Oracle: the kernel's list of this program's children, before, between and after.
        Assumptions.assumeTrue(Files.isExecutable(PYTHON), "no python3 on this host");
        Set<Long> before = children();
        Set<Long> between;
        try (Neighbours neighbours = Neighbours.start(2, PYTHON)) {
            between = children();
            between.removeAll(before);
            assertThat(between).hasSizeGreaterThanOrEqualTo(2);
            assertThat(neighbours.alive()).isEqualTo(2);
        }
        assertThat(between.stream().filter(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent())).isEmpty();
    }

    @Test void noneMeansNothingIsStarted() throws Exception {
        try (Neighbours neighbours = Neighbours.start(0, Path.of("/nowhere"))) {
            assertThat(neighbours.alive()).isZero();
        }
    }
}
