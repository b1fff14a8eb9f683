package sandglass.des;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FifoServerTest {

    private static final double MEAN_NS = 1e6;

    private final SsjTimeline timeline = new SsjTimeline();
    private final List<String> log = new ArrayList<>();

    private Job logging(String name) {
        return new Job(() -> log.add(name + timeline.nowNs()));
    }

    private static long[] waits(OpenQueue queue, long[] sojournNs) {
        long[] waits = new long[sojournNs.length];
        Arrays.setAll(waits, i -> sojournNs[i] - queue.workNs()[i]);
        return waits;
    }

    // Oracle: Lindley's recursion on the same draws, equality per customer.
    @Test
    void waitsAsLindleysRecursionSays() {
        OpenQueue queue = OpenQueue.poisson(1, 50_000, MEAN_NS / 0.8, u -> OpenQueue.hyperexponential(u, MEAN_NS));
        FifoServer server = new FifoServer(timeline);
        long[] waits = waits(queue, queue.sojournNs(timeline, server::start));
        long[] expected = new long[waits.length];
        for (int i = 1; i < waits.length; i++) {
            long gap = queue.arrivalNs()[i] - queue.arrivalNs()[i - 1];
            expected[i] = Math.max(0, expected[i - 1] + queue.workNs()[i - 1] - gap);
        }
        assertThat(waits).isEqualTo(expected);
        assertThat(server.waitNs().mean()).isCloseTo(Arrays.stream(expected).average().orElseThrow(), within(1e-3));
    }

    // Oracle: Kiefer and Wolfowitz's recursion over sorted workloads, equality per customer.
    @Test
    void waitsAsTheRecursionForSeveralServersSays() {
        OpenQueue queue = OpenQueue.poisson(2, 50_000, MEAN_NS / 2.5, u -> OpenQueue.hyperexponential(u, MEAN_NS));
        long[] waits = waits(queue, queue.sojournNs(timeline, new FifoServer(timeline, 3, Integer.MAX_VALUE)::start));
        long[] free = new long[3];
        long[] expected = new long[waits.length];
        for (int i = 0; i < waits.length; i++) {
            Arrays.sort(free);
            long begin = Math.max(free[0], queue.arrivalNs()[i]);
            expected[i] = begin - queue.arrivalNs()[i];
            free[0] = begin + queue.workNs()[i];
        }
        assertThat(waits).isEqualTo(expected);
    }

    // Oracle: Little's law and conservation of work on the sample path, exactly.
    @Test
    void obeysLittlesLawOnThePath() {
        OpenQueue queue = OpenQueue.poisson(3, 20_000, MEAN_NS / 1.8, u -> OpenQueue.exponential(u, MEAN_NS));
        FifoServer server = new FifoServer(timeline, 2, Integer.MAX_VALUE);
        long[] sojournNs = queue.sojournNs(timeline, server::start);
        assertThat(server.busy().integral()).isEqualTo(Arrays.stream(queue.workNs()).sum());
        assertThat(server.waiting().integral()).isEqualTo(Arrays.stream(waits(queue, sojournNs)).sum());
        assertThat(server.busy().value() + server.waiting().value()).isZero();
    }

    // Oracle: M/M/1, mean wait rho / (1 - rho) service times and P(wait > 0) = rho; within 4 standard errors.
    @Test
    void agreesWithMM1() {
        OpenQueue queue = OpenQueue.poisson(4, 400_000, MEAN_NS / 0.6, u -> OpenQueue.exponential(u, MEAN_NS));
        long[] waits = waits(queue, queue.sojournNs(timeline, new FifoServer(timeline)::start));
        Tally wait = OpenQueue.steady(waits);
        Tally delayed = OpenQueue.steadyShare(waits, w -> w > 0);
        assertThat(wait.mean()).isCloseTo(0.6 / 0.4 * MEAN_NS, within(OpenQueue.fourErrors(wait)));
        assertThat(delayed.mean()).isCloseTo(0.6, within(OpenQueue.fourErrors(delayed)));
    }

    // Oracle: M/M/4 by Erlang's C formula; within 4 standard errors.
    @Test
    void agreesWithMMc() {
        int servers = 4;
        double load = 3;
        OpenQueue queue = OpenQueue.poisson(5, 400_000, MEAN_NS / load, u -> OpenQueue.exponential(u, MEAN_NS));
        FifoServer server = new FifoServer(timeline, servers, Integer.MAX_VALUE);
        long[] waits = waits(queue, queue.sojournNs(timeline, server::start));
        double blocking = erlangB(servers, load);
        double delay = blocking / (1 - load / servers * (1 - blocking));
        Tally wait = OpenQueue.steady(waits);
        Tally delayed = OpenQueue.steadyShare(waits, w -> w > 0);
        assertThat(delayed.mean()).isCloseTo(delay, within(OpenQueue.fourErrors(delayed)));
        assertThat(wait.mean()).isCloseTo(delay * MEAN_NS / (servers - load), within(OpenQueue.fourErrors(wait)));
    }

    // Oracle: Pollaczek and Khinchine, lambda E[S^2] / (2 (1 - rho)), for three laws; within 4 standard errors.
    @Test
    void agreesWithMG1() {
        OpenQueue.Service constant = u -> (long) MEAN_NS;
        OpenQueue.Service uniform = u -> Math.round(2 * MEAN_NS * u.next());
        OpenQueue.Service hyper = u -> OpenQueue.hyperexponential(u, MEAN_NS);
        checkMG1(6, constant, 1);
        checkMG1(7, uniform, 4.0 / 3);
        checkMG1(8, hyper, 2 * (0.9 * 0.4 * 0.4 + 0.1 * 6.4 * 6.4));
    }

    private void checkMG1(long seed, OpenQueue.Service service, double secondMoment) {
        SsjTimeline own = new SsjTimeline();
        OpenQueue queue = OpenQueue.poisson(seed, 400_000, MEAN_NS / 0.5, service);
        Tally wait = OpenQueue.steady(waits(queue, queue.sojournNs(own, new FifoServer(own)::start)));
        assertThat(wait.mean()).as("seed %d", seed)
            .isCloseTo(0.5 * secondMoment / (2 * 0.5) * MEAN_NS, within(OpenQueue.fourErrors(wait)));
    }

    // Oracle: Erlang's B formula, whatever the law of service (insensitivity); within 4 standard errors.
    @Test
    void losesWhatErlangBSays() {
        checkLoss(9, u -> (long) MEAN_NS);
        checkLoss(10, u -> OpenQueue.exponential(u, MEAN_NS));
        checkLoss(11, u -> OpenQueue.hyperexponential(u, MEAN_NS));
    }

    private void checkLoss(long seed, OpenQueue.Service service) {
        SsjTimeline own = new SsjTimeline();
        FifoServer server = new FifoServer(own, 5, 0);
        long[] sojournNs = OpenQueue.poisson(seed, 300_000, MEAN_NS / 4, service).sojournNs(own, server::start);
        Tally lost = OpenQueue.steadyShare(sojournNs, s -> s < 0);
        assertThat(lost.mean()).as("seed %d", seed).isCloseTo(erlangB(5, 4), within(OpenQueue.fourErrors(lost)));
        assertThat(server.rejections()).isEqualTo(Arrays.stream(sojournNs).filter(s -> s < 0).count());
        assertThat(server.waitNs().max()).isZero();
    }

    private static double erlangB(int servers, double load) {
        double blocking = 1;
        for (int c = 1; c <= servers; c++) {
            blocking = load * blocking / (c + load * blocking);
        }
        return blocking;
    }

    // Oracle: all times multiplied by k multiply every result by k, exactly.
    @Test
    void scalesWithTime() {
        OpenQueue queue = OpenQueue.poisson(12, 20_000, MEAN_NS / 0.9, u -> OpenQueue.exponential(u, MEAN_NS));
        SsjTimeline scaledTimeline = new SsjTimeline();
        long[] once = queue.sojournNs(timeline, new FifoServer(timeline)::start);
        long[] scaled = queue.scaled(1000).sojournNs(scaledTimeline, new FifoServer(scaledTimeline)::start);
        assertThat(scaled).isEqualTo(Arrays.stream(once).map(s -> 1000 * s).toArray());
    }

    // Oracle: a hand-worked log with one server, one waiting place, and jobs removed from both.
    @Test
    void turnsAwayAndLetsGo() {
        FifoServer server = new FifoServer(timeline, 1, 1);
        Job a = logging("a");
        Job b = logging("b");
        Job c = logging("c");
        assertThat(server.start(a, 10)).isTrue();
        assertThat(server.start(b, 10)).isTrue();
        assertThat(server.start(c, 10)).isFalse();
        assertThat(c.active()).isFalse();
        timeline.runUntil(4);
        assertThat(server.remove(b)).isEqualTo(10);
        assertThat(server.start(c, 7)).isTrue();
        assertThat(server.remove(a)).isEqualTo(6);
        assertThat(server.start(b, 1)).isTrue();
        timeline.run();
        assertThat(log).containsExactly("c11", "b12");
        assertThat(server.arrivals()).isEqualTo(5);
        assertThat(server.rejections()).isEqualTo(1);
        assertThat(server.waitNs().count()).isEqualTo(3);
        assertThat(server.waitNs().sum()).isEqualTo(7);
        assertThat(server.waiting().integral()).isEqualTo(4 + 7);
    }

    // Oracle: a hand-worked log; a job that starts again when done waits behind those already waiting.
    @Test
    void doesNotLetAReturningJobOvertake() {
        FifoServer server = new FifoServer(timeline);
        Job[] again = new Job[1];
        again[0] = new Job(() -> {
            log.add("again" + timeline.nowNs());
            if (log.size() == 1) {
                server.start(again[0], 5);
            }
        });
        server.start(again[0], 5);
        server.start(logging("other"), 5);
        timeline.run();
        assertThat(log).containsExactly("again5", "other10", "again15");
    }

    // Oracle: the contract of start, remove and the constructor.
    @Test
    void refusesMisuse() {
        FifoServer server = new FifoServer(timeline);
        Job job = logging("job");
        assertThatThrownBy(() -> server.remove(job)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> server.start(job, -1)).isInstanceOf(IllegalArgumentException.class);
        server.start(job, 1);
        assertThatThrownBy(() -> server.start(job, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new FifoServer(timeline, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FifoServer(timeline, 1, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
