package sandglass.des;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorSharingTest {

    private static final double MEAN_NS = 1e6;

    private final SsjTimeline timeline = new SsjTimeline();
    private final List<String> log = new ArrayList<>();

    private Job logging(String name) {
        return new Job(() -> log.add(name + timeline.nowNs()));
    }

    // Oracle: closed form; alone until 10, two halves until the shorter is done, alone again.
    @Test
    void sharesOneCore() {
        ProcessorSharing cpu = new ProcessorSharing(timeline, 1);
        cpu.start(logging("long"), 100);
        timeline.runUntil(10);
        cpu.start(logging("short"), 20);
        timeline.run();
        assertThat(log).containsExactly("short50", "long120");
        assertThat(cpu.busyCores().integral()).isEqualTo(120);
        assertThat(cpu.jobs().integral()).isEqualTo(40 + 120);
    }

    // Oracle: closed form; three jobs on two cores run at 2/3 each, equal ones finish together in the order of arrival.
    @Test
    void givesAJobAtMostOneCore() {
        ProcessorSharing cpu = new ProcessorSharing(timeline, 2);
        cpu.start(logging("a"), 20);
        cpu.start(logging("b"), 20);
        cpu.start(logging("c"), 60);
        assertThat(cpu.busyCores().value()).isEqualTo(2);
        timeline.run();
        assertThat(log).containsExactly("a30", "b30", "c70");
    }

    // Oracle: closed form; quotas hold while they fit, shrink in proportion when they do not, and 3 cores is a share too.
    @Test
    void limitsAJobToItsShare() {
        ProcessorSharing cpu = new ProcessorSharing(timeline, 2);
        cpu.start(logging("half"), 50, 0.5);
        timeline.runUntil(20);
        cpu.start(logging("wide"), 120, 3.5);
        assertThat(cpu.busyCores().value()).isEqualTo(2);
        timeline.run();
        assertThat(log).containsExactly("wide89", "half134");
        assertThat(cpu.busyCores().value()).isZero();
    }

    // Oracle: without a limit of cores, work is a delay.
    @Test
    void isAPureDelayWithUnlimitedCores() {
        ProcessorSharing delay = new ProcessorSharing(timeline, Double.POSITIVE_INFINITY);
        OpenQueue queue = OpenQueue.poisson(1, 5_000, MEAN_NS / 30, u -> OpenQueue.exponential(u, MEAN_NS));
        assertThat(queue.sojournNs(timeline, delay)).isEqualTo(queue.workNs());
        assertThat(delay.busyCores().integral()).isEqualTo(Arrays.stream(queue.workNs()).sum());
    }

    // Oracle: a second computation that visits every job at every change, with its own clock; to the nanosecond.
    @Test
    void agreesWithVisitingEveryJob() {
        for (int cores = 1; cores <= 3; cores++) {
            OpenQueue queue = OpenQueue.poisson(20 + cores, 5_000, MEAN_NS / (0.9 * cores),
                u -> OpenQueue.hyperexponential(u, MEAN_NS));
            SsjTimeline own = new SsjTimeline();
            long[] sojournNs = queue.sojournNs(own, new ProcessorSharing(own, cores));
            double[] expected = visitingEveryJob(queue, cores);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) sojournNs[i]).as("customer %d on %d cores", i, cores)
                    .isCloseTo(expected[i], within(0.51));
            }
        }
    }

    private static double[] visitingEveryJob(OpenQueue queue, int cores) {
        int customers = queue.customers();
        double[] left = Arrays.stream(queue.workNs()).asDoubleStream().toArray();
        double[] sojournNs = new double[customers];
        List<Integer> present = new ArrayList<>();
        double now = 0;
        int next = 0;
        while (next < customers || !present.isEmpty()) {
            double pace = Math.min(1, cores / (double) Math.max(1, present.size()));
            double finish = present.stream().mapToDouble(i -> left[i]).min().orElse(Double.POSITIVE_INFINITY) / pace + now;
            double arrival = next < customers ? queue.arrivalNs()[next] : Double.POSITIVE_INFINITY;
            double then = Math.min(finish, arrival);
            for (int i : present) {
                left[i] -= (then - now) * pace;
            }
            now = then;
            if (finish <= arrival) {
                int first = present.stream().min((i, j) -> Double.compare(left[i], left[j])).orElseThrow();
                present.remove((Integer) first);
                sojournNs[first] = now - queue.arrivalNs()[first];
            } else {
                present.add(next++);
            }
        }
        return sojournNs;
    }

    // Oracle: M/G/1-PS, mean stay E[S] / (1 - rho) whatever the law of service (insensitivity); within 4 standard errors.
    @Test
    void isInsensitiveToTheLawOfService() {
        checkMeanStay(2, u -> (long) MEAN_NS);
        checkMeanStay(3, u -> OpenQueue.exponential(u, MEAN_NS));
        checkMeanStay(4, u -> OpenQueue.hyperexponential(u, MEAN_NS));
    }

    private void checkMeanStay(long seed, OpenQueue.Service service) {
        SsjTimeline own = new SsjTimeline();
        OpenQueue queue = OpenQueue.poisson(seed, 300_000, MEAN_NS / 0.6, service);
        ProcessorSharing cpu = new ProcessorSharing(own, 1);
        long[] sojournNs = queue.sojournNs(own, cpu);
        Tally stay = OpenQueue.steady(sojournNs);
        assertThat(stay.mean()).as("seed %d", seed).isCloseTo(MEAN_NS / 0.4, within(OpenQueue.fourErrors(stay)));
        // Oracle: Little's law on the path, exactly; conservation of work but for rounding.
        assertThat(cpu.jobs().integral()).isEqualTo(Arrays.stream(sojournNs).sum());
        long work = Arrays.stream(queue.workNs()).sum();
        assertThat(cpu.busyCores().integral()).isCloseTo(work, within((double) queue.customers()));
    }

    // Oracle: M/M/c, whose number in system is that of sharing with at most one core a job; within 4 standard errors.
    @Test
    void agreesWithMMcOnSeveralCores() {
        OpenQueue queue = OpenQueue.poisson(5, 300_000, MEAN_NS / 3, u -> OpenQueue.exponential(u, MEAN_NS));
        Tally stay = OpenQueue.steady(queue.sojournNs(timeline, new ProcessorSharing(timeline, 4)));
        double blocking = (81.0 / 24) / (1 + 3 + 9.0 / 2 + 27.0 / 6 + 81.0 / 24);
        double delay = blocking / (1 - 0.75 * (1 - blocking));
        assertThat(stay.mean()).isCloseTo(MEAN_NS * (1 + delay), within(OpenQueue.fourErrors(stay)));
    }

    // Oracle: all times multiplied by k multiply every stay by k, but for rounding to nanoseconds.
    @Test
    void scalesWithTime() {
        OpenQueue queue = OpenQueue.poisson(6, 5_000, MEAN_NS / 0.8, u -> OpenQueue.exponential(u, MEAN_NS));
        SsjTimeline scaledTimeline = new SsjTimeline();
        long[] once = queue.sojournNs(timeline, new ProcessorSharing(timeline, 1));
        long[] scaled = queue.scaled(1000).sojournNs(scaledTimeline, new ProcessorSharing(scaledTimeline, 1));
        for (int i = 0; i < once.length; i++) {
            assertThat(scaled[i] / 1000.0).isCloseTo(once[i], within(0.51));
        }
    }

    // Oracle: closed form; what is removed has had half a core for 30 ns, and the other then has the core alone.
    @Test
    void returnsWhatRemainsOfARemovedJob() {
        ProcessorSharing cpu = new ProcessorSharing(timeline, 1);
        Job removed = logging("removed");
        cpu.start(removed, 100);
        cpu.start(logging("other"), 50);
        timeline.runUntil(30);
        assertThat(cpu.remove(removed)).isEqualTo(85);
        assertThat(removed.active()).isFalse();
        timeline.run();
        assertThat(log).containsExactly("other65");
        cpu.start(removed, 85);
        timeline.run();
        assertThat(log).containsExactly("other65", "removed150");
    }

    // Oracle: a hand-worked log; work of zero is done at once but after start returned, and done may start again.
    @Test
    void doesNotCallBackWithinStart() {
        ProcessorSharing cpu = new ProcessorSharing(timeline, 1);
        Job[] again = new Job[1];
        again[0] = new Job(() -> {
            log.add("done" + timeline.nowNs());
            if (log.size() < 4) {
                cpu.start(again[0], log.size() - 1);
                log.add("started");
            }
        });
        cpu.start(again[0], 0);
        assertThat(log).isEmpty();
        timeline.run();
        assertThat(log).containsExactly("done0", "started", "done0", "started", "done2");
    }

    // Oracle: the contract of start, remove and the constructor.
    @Test
    void refusesMisuse() {
        ProcessorSharing cpu = new ProcessorSharing(timeline, 1);
        Job job = logging("job");
        assertThatThrownBy(() -> cpu.remove(job)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> cpu.start(job, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cpu.start(job, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cpu.start(job, 1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        cpu.start(job, 1);
        assertThatThrownBy(() -> new FifoServer(timeline).start(job, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new ProcessorSharing(timeline, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Job(null)).isInstanceOf(NullPointerException.class);
    }
}
