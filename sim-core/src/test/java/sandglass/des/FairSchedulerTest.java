package sandglass.des;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sandglass.platform.Timer;

class FairSchedulerTest {

    private static final long MS = 1_000_000;

    private final SsjTimeline timeline = new SsjTimeline();
    private final List<String> log = new ArrayList<>();

    private Job logging(String name) {
        return new Job(() -> log.add(name + timeline.nowNs()));
    }

    private void arrive(FairScheduler cpu, long timeNs, Job job, long workNs) {
        timeline.runUntil(timeNs);
        cpu.start(job, workNs);
    }

    // Oracle: worked by hand. a 0-10, b 10-20, a 20-30, b 30-40, a 40-45, b 45-50.
    @Test
    void equalsTakeTurns() {
        FairScheduler cpu = new FairScheduler(timeline, 1, 10, 10);
        arrive(cpu, 0, logging("a"), 25);
        arrive(cpu, 0, logging("b"), 25);
        timeline.run();
        assertThat(log).containsExactly("a45", "b50");
    }

    /** Work of 1000 beside s, which computes for 60 from 200 on and for 40 when it comes back, as itself or as another's. */
    private void aBesideSThatComesBack(long atNs, boolean forgotten) {
        FairScheduler cpu = new FairScheduler(timeline, 1, 100, 0);
        Job s = logging("s");
        arrive(cpu, 0, logging("a"), 1000);
        arrive(cpu, 200, s, 60);
        timeline.runUntil(atNs);
        if (forgotten) {
            s.forget();
        }
        cpu.start(s, 40);
        timeline.run();
    }

    // Oracle: worked by hand. s, which has had nothing yet, displaces a at 200 and is done at 260, 30 ahead of its share. It comes back at 280, when
    // a, alone, has had 20 more: it is ahead still, and waits until a's slice is over at 360.
    @Test
    void whoIsAheadOfItsShareWaits() {
        aBesideSThatComesBack(280, false);
        assertThat(log).containsExactly("s260", "s400", "a1100");
    }

    // Oracle: worked by hand. The same, but at 400 a has had more than s meanwhile.
    @Test
    void whoWasCaughtUpWithRunsAtOnce() {
        aBesideSThatComesBack(400, false);
        assertThat(log).containsExactly("s260", "s440", "a1100");
    }

    // Oracle: worked by hand. As the first, but another's thread uses the job now.
    @Test
    void aForgottenJobIsAheadOfNobody() {
        aBesideSThatComesBack(280, true);
        assertThat(log).containsExactly("s260", "s320", "a1100");
    }

    // Oracle: worked by hand. Without grace b displaces a at 20; patient, it waits until 100, the end of a's slice.
    @Test
    void whoIsPatientDisplacesNobody() {
        bBesideA(false);
        assertThat(log).containsExactly("b70", "a300");
        log.clear();
        bBesideA(true);
        assertThat(log).containsExactly("b450", "a600");
    }

    private void bBesideA(boolean patient) {
        FairScheduler cpu = new FairScheduler(timeline, 1, 100, 0);
        Job b = logging("b");
        b.waitItsTurn(patient);
        long nowNs = timeline.nowNs();
        arrive(cpu, nowNs, logging("a"), 250);
        arrive(cpu, nowNs + 20, b, 50);
        timeline.run();
    }

    // Oracle: worked by hand. A grace of 30: b comes at 20 and waits until 100, the end of a's slice.
    @Test
    void whoRunsForLessThanTheGraceIsNotDisplaced() {
        FairScheduler cpu = new FairScheduler(timeline, 1, 100, 30);
        arrive(cpu, 0, logging("a"), 250);
        arrive(cpu, 20, logging("b"), 50);
        timeline.run();
        assertThat(log).containsExactly("b150", "a300");
    }

    // Oracle: worked by hand. Two cores; x has run for longer than y when z comes, so that z takes its place: z 30-34 beside y 15-35, x 0-30 and
    // 34-44.
    @Test
    void whoRunsForLongestIsDisplaced() {
        FairScheduler cpu = new FairScheduler(timeline, 2, 10, 10);
        arrive(cpu, 0, logging("x"), 40);
        arrive(cpu, 15, logging("y"), 20);
        arrive(cpu, 30, logging("z"), 4);
        timeline.run();
        assertThat(log).containsExactly("z34", "y35", "x44");
    }

    // Oracle: worked by hand. A tenth of what the other had is lost: a 0-100, b 100-200, a for 60 + 10 until 270, b for 70 + 7 until 347.
    @Test
    void whoGoesOnAfterOthersHasMoreToDo() {
        long[] lostNs = new long[1];
        FairScheduler cpu = new FairScheduler(timeline, 1, 100, 100, 0.1, ns -> lostNs[0] += ns);
        arrive(cpu, 0, logging("a"), 160);
        arrive(cpu, 0, logging("b"), 170);
        timeline.run();
        assertThat(log).containsExactly("a270", "b347");
        assertThat(lostNs[0]).isEqualTo(17);
    }

    // Oracle: worked by hand. The same beside work without an end, which has no more to do for it: a 0-100, a again 200-270, with 10 lost.
    @Test
    void workWithoutAnEndLosesNothing() {
        long[] lostNs = new long[1];
        FairScheduler cpu = new FairScheduler(timeline, 1, 100, 100, 0.1, ns -> lostNs[0] += ns);
        arrive(cpu, 0, logging("a"), 160);
        arrive(cpu, 0, logging("hog"), QuantumScheduler.ENDLESS_NS);
        timeline.runUntil(1000);
        assertThat(log).containsExactly("a270");
        assertThat(lostNs[0]).isEqualTo(10);
    }

    /** Computes and sleeps in turn. */
    private static final class Sleeper {
        final Timer wakeUp;
        long computedNs;

        Sleeper(SsjTimeline timeline, FairScheduler cpu, long workNs, long sleepNs) {
            Job[] own = new Job[1];
            wakeUp = timeline.timer(() -> cpu.start(own[0], workNs));
            own[0] = new Job(() -> {
                computedNs += workNs;
                wakeUp.at(timeline.nowNs() + sleepNs);
            });
            wakeUp.at(timeline.nowNs() + sleepNs);
        }
    }

    // Oracle: bounds. Beside n that always compute nobody gets more than it wants or, in the long run, than 1/(n + 1) of a core; nor less than one
    // whose every turn of computing takes it n + 1 times as long.
    @Test
    void everybodyGetsItsFairShare() {
        for (int others : new int[] {1, 2, 4, 16}) {
            for (long[] each : new long[][] {{2 * MS, 10 * MS}, {8 * MS, 10 * MS}, {2 * MS, MS / 10}, {MS / 10, 10 * MS}}) {
                SsjTimeline own = new SsjTimeline();
                FairScheduler cpu = new FairScheduler(own, 1, 4 * MS, 0);
                for (int i = 0; i < others; i++) {
                    cpu.start(new Job(() -> { }), QuantumScheduler.ENDLESS_NS);
                }
                Sleeper sleeper = new Sleeper(own, cpu, each[0], each[1]);
                own.runUntil(20_000 * MS);
                double wanted = each[0] / (double) (each[0] + each[1]);
                double fair = Math.min(wanted, 1.0 / (others + 1));
                double share = sleeper.computedNs / 20e9;
                double least = each[0] / (double) (each[0] * (others + 1) + each[1]);
                assertThat(share).as("%d others, %d of %d ns", others, each[0], each[0] + each[1]).isBetween(0.95 * least, 1.02 * fair);
            }
        }
    }

    // Oracle: conservation. No core is idle while somebody waits, and all that came is done when its work is.
    @Test
    void noCoreIsIdleWhileSomebodyWaits() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            SsjTimeline own = new SsjTimeline();
            int cores = 1 + random.nextInt(4);
            FairScheduler cpu = new FairScheduler(own, cores, 1 + random.nextInt(50), random.nextInt(20));
            List<Job> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(new Job(() -> { }));
            }
            long wantedNs = 0;
            long takenNs = 0;
            for (int i = 0; i < 2000; i++) {
                own.runUntil(own.nowNs() + random.nextInt(40));
                Job job = all.get(random.nextInt(all.size()));
                if (!job.active()) {
                    long ns = random.nextInt(120);
                    wantedNs += ns;
                    cpu.start(job, ns);
                } else if (random.nextInt(5) == 0) {
                    takenNs += cpu.remove(job);
                }
                assertThat(cpu.busyCores().value()).isEqualTo(Math.min(cores, cpu.jobs().value()));
            }
            own.run();
            assertThat(cpu.jobs().value()).isZero();
            assertThat(cpu.busyCores().integral()).isCloseTo(wantedNs - takenNs, within(1e-3));
        }
    }

    @Test
    void refusesWhatIsNoScheduler() {
        assertThatThrownBy(() -> new FairScheduler(timeline, 0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FairScheduler(timeline, 1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FairScheduler(timeline, 1, 1, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
