package sandglass.kvm.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Oracle: two descriptors and two mappings a unikernel, counted by hand. */
class HostLimitsTest {

    @Test
    void aWorkerThatDoesNotFitIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> new HostLimits(1024, 65_530).check(500))
                .isInstanceOfSatisfying(HostLimitException.class, e -> assertThat(e.limit()).isEqualTo("RLIMIT_NOFILE"))
                .hasMessageContaining("1024").hasMessageContaining("ulimit -Hn 1256");
        assertThatThrownBy(() -> new HostLimits(1 << 20, 65_530).check(40_000))
                .isInstanceOfSatisfying(HostLimitException.class, e -> assertThat(e.limit()).isEqualTo("vm.max_map_count"))
                .hasMessageContaining("sysctl -w vm.max_map_count=82000");
        assertThatCode(() -> new HostLimits(20_000, 65_530).check(1000)).doesNotThrowAnyException();
    }

    @Test
    void medianAndPercentileAreNearestRanks() {
        java.util.List<Long> samples = java.util.stream.LongStream.rangeClosed(1, 200).boxed().toList();
        assertThat(DensityReport.Times.of(samples)).isEqualTo(new DensityReport.Times(200, 100, 198));
    }
}
