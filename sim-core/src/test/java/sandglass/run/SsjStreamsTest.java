package sandglass.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import sandglass.scenario.Uniforms;
import umontreal.ssj.rng.MRG32k3a;

class SsjStreamsTest {

    private static double[] draws(long rootSeed, int replication, String name, int count) {
        Uniforms stream = new SsjStreams(rootSeed, replication).named(name);
        return IntStream.range(0, count).mapToDouble(i -> stream.next()).toArray();
    }

    // Oracle: one thread, against 200 concurrent constructions among others of other names.
    @Test
    void givesTheSameSequenceFromAnyThreadAndInAnyOrder() {
        double[] alone = draws(7, 3, "arrivals", 50);
        List<double[]> concurrent = IntStream.range(0, 200).parallel().mapToObj(i -> {
            SsjStreams streams = new SsjStreams(7, 3);
            streams.named("other-" + i).next();
            Uniforms stream = streams.named("arrivals");
            new MRG32k3a();
            return IntStream.range(0, 50).mapToDouble(j -> stream.next()).toArray();
        }).toList();
        assertThat(concurrent).allSatisfy(sequence -> assertThat(sequence).containsExactly(alone));
    }

    // Oracle: a second computation, in Python from the published recurrence; frozen, so recorded results stay reproducible.
    @Test
    void keepsItsDrawsFromReleaseToRelease() {
        assertThat(draws(7, 0, "arrivals", 3)).containsExactly(0.7699473977901645, 0.1425111681787118, 0.2189017644924035);
    }

    // Oracle: independence; 45 correlations of 10,000 pairs, each within 4 standard errors of zero.
    @Test
    void separatesNamesReplicationsAndSeeds() {
        int count = 10_000;
        List<double[]> sequences = new ArrayList<>();
        for (String name : List.of("arrivals", "arrivalt", "service", "", "a-name-that-is-longer-than-one-block-of-the-digest-"
            + "so-that-the-second-block-matters-too")) {
            sequences.add(draws(7, 0, name, count));
        }
        for (int replication = 1; replication <= 3; replication++) {
            sequences.add(draws(7, replication, "arrivals", count));
        }
        sequences.add(draws(8, 0, "arrivals", count));
        sequences.add(draws(-7, 0, "arrivals", count));
        PearsonsCorrelation correlation = new PearsonsCorrelation();
        for (int i = 0; i < sequences.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(correlation.correlation(sequences.get(i), sequences.get(j))).as("streams %d, %d", i, j)
                    .isBetween(-4 / Math.sqrt(count), 4 / Math.sqrt(count));
            }
        }
    }

    // Oracle: Kolmogorov-Smirnov against the uniform law, within a stream and over the first draws of 2,000 streams.
    @Test
    void drawsUniformly() {
        KolmogorovSmirnovTest test = new KolmogorovSmirnovTest();
        UniformRealDistribution uniform = new UniformRealDistribution(0, 1);
        double[] firsts = IntStream.range(0, 2000).mapToDouble(i -> draws(7, i, "arrivals", 1)[0]).toArray();
        assertThat(test.kolmogorovSmirnovTest(uniform, draws(7, 0, "arrivals", 2000))).isGreaterThan(0.001);
        assertThat(test.kolmogorovSmirnovTest(uniform, firsts)).isGreaterThan(0.001);
        assertThat(Arrays.stream(firsts).allMatch(u -> u > 0 && u < 1)).isTrue();
    }

    // Oracle: the contract of the constructor.
    @Test
    void refusesANegativeReplication() {
        assertThatThrownBy(() -> new SsjStreams(7, -1)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("-1");
    }
}
