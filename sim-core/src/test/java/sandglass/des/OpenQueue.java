package sandglass.des;

import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.function.ToLongFunction;
import sandglass.platform.Timer;
import sandglass.run.SsjStreams;
import sandglass.scenario.Uniforms;

/** Customers that come at given times with given work, and how long each stays: what the tests of servers share. */
record OpenQueue(long[] arrivalNs, long[] workNs) {

    /** What a customer does on arrival; false if it was turned away. */
    interface Entrance {
        boolean start(Job job, long workNs);
    }

    /** Draws one service time in nanoseconds. */
    interface Service extends ToLongFunction<Uniforms> {
    }

    static long exponential(Uniforms stream, double meanNs) {
        return Math.round(-Math.log(stream.next()) * meanNs);
    }

    /** Nine in ten jobs short, one long, both exponential: squared coefficient of variation 5.22 with these means. */
    static long hyperexponential(Uniforms stream, double meanNs) {
        return exponential(stream, stream.next() < 0.9 ? 0.4 * meanNs : 6.4 * meanNs);
    }

    /** Poisson arrivals. */
    static OpenQueue poisson(long seed, int customers, double meanGapNs, Service service) {
        SsjStreams streams = new SsjStreams(seed, 0);
        Uniforms gaps = streams.named("gaps");
        Uniforms services = streams.named("services");
        long[] arrivalNs = new long[customers];
        long[] workNs = new long[customers];
        long nowNs = 0;
        for (int i = 0; i < customers; i++) {
            nowNs += exponential(gaps, meanGapNs);
            arrivalNs[i] = nowNs;
            workNs[i] = service.applyAsLong(services);
        }
        return new OpenQueue(arrivalNs, workNs);
    }

    OpenQueue scaled(long k) {
        return new OpenQueue(Arrays.stream(arrivalNs).map(t -> k * t).toArray(),
            Arrays.stream(workNs).map(t -> k * t).toArray());
    }

    int customers() {
        return arrivalNs.length;
    }

    /** Runs to the end and returns how long each customer stayed, -1 for those turned away. */
    long[] sojournNs(SsjTimeline timeline, Entrance entrance) {
        long[] sojournNs = new long[customers()];
        int[] next = new int[1];
        Timer[] arrival = new Timer[1];
        arrival[0] = timeline.timer(() -> {
            int i = next[0]++;
            Job job = new Job(() -> sojournNs[i] = timeline.nowNs() - arrivalNs[i]);
            if (!entrance.start(job, workNs[i])) {
                sojournNs[i] = -1;
            }
            if (next[0] < customers()) {
                arrival[0].at(arrivalNs[next[0]]);
            }
        });
        arrival[0].at(arrivalNs[0]);
        timeline.run();
        return sojournNs;
    }

    long[] sojournNs(SsjTimeline timeline, Processor processor) {
        return sojournNs(timeline, (job, work) -> {
            processor.start(job, work);
            return true;
        });
    }

    /** Batch means of a sequence, its first tenth left out as warm-up. */
    static Tally steady(double[] sequence) {
        BatchMeans means = new BatchMeans(32);
        for (int i = sequence.length / 10; i < sequence.length; i++) {
            means.add(sequence[i]);
        }
        return means.after(0);
    }

    static Tally steady(long[] sequence) {
        return steady(Arrays.stream(sequence).asDoubleStream().toArray());
    }

    /** Which share of a sequence satisfies a condition, in batches. */
    static Tally steadyShare(long[] sequence, LongPredicate condition) {
        return steady(Arrays.stream(sequence).mapToDouble(value -> condition.test(value) ? 1 : 0).toArray());
    }

    /** Four standard errors of the mean. */
    static double fourErrors(Tally batches) {
        return 4 * Math.sqrt(batches.variance() / batches.count());
    }
}
