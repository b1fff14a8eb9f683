package sandglass.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sandglass.result.Metrics;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.Policies;
import sandglass.scenario.Policies.KeepAlive;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;
import sandglass.unit.Distribution;

/** Scenarios drawn from a seed, which a failure names. The platform's own identities are asserted in each of them. */
class RandomWorldTest {

    private static final int WORLDS = 1500;
    private static final Pattern LINE = Pattern.compile("(\\d+) (.*)");

    private static <T> T oneOf(SplittableRandom random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static KeepAlive keepAlive(SplittableRandom random, long scale) {
        return switch (random.nextInt(6)) {
            case 0 -> new KeepAlive.None();
            case 1 -> new KeepAlive.Forever();
            case 2 -> new KeepAlive.Ttl(scale * random.nextInt(200), false);
            case 3 -> new KeepAlive.GreedyDual();
            case 4 -> new KeepAlive.Histogram(scale * random.nextInt(1, 500), 0.05, 0.99);
            default -> new KeepAlive.Ttl(scale * random.nextInt(200), true);
        };
    }

    private static World world(long seed, long scale) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = new World();
        int functions = random.nextInt(1, 5);
        for (int i = 0; i < functions; i++) {
            world.function("f" + i, "app" + random.nextInt(2), "runtime" + random.nextInt(2), random.nextInt(1, 4));
        }
        world.seed = seed;
        world.interchangeable = oneOf(random, Stack.Interchangeable.values());
        world.recycle = oneOf(random, Stack.Recycle.values());
        world.start = oneOf(random, Scenario.Start.values());
        world.prewarm = random.nextInt(4);
        world.keepAlive = keepAlive(random, scale);
        world.reuse = oneOf(random, Policies.Reuse.values());
        world.scope = oneOf(random, Policies.Scope.values());
        world.limit = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(1, 8);
        world.atLimit = oneOf(random, Policies.AtLimit.values());
        world.expiry = oneOf(random, Policies.Expiry.values());
        world.atHorizon = oneOf(random, Policies.AtHorizon.values());
        world.times.createNs = scale * random.nextInt(30);
        world.times.readyNs = scale * random.nextInt(4);
        world.times.recycleNs = scale * random.nextInt(4);
        world.times.evictNs = scale * random.nextInt(4);
        world.times.capacityBytes = random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(1, 20);
        world.times.unassignedBytes = world.interchangeable == Stack.Interchangeable.PER_RUNTIME ? random.nextInt(-1, 3) : -1;
        world.warmupNs = scale * random.nextInt(2) * random.nextInt(300);
        load(world, random, scale);
        return world;
    }

    private static void load(World world, SplittableRandom random, long scale) {
        boolean endless = false;
        switch (random.nextInt(5)) {
            case 0 -> {
                endless = true;
                world.load = new Load.Closed(random.nextInt(1, 6),
                    new Distribution.Constant(scale * random.nextInt(20)));
                world.serviceNs = scale * random.nextInt(1, 20);
            }
            case 1 -> {
                world.load = new Load.Population(random.nextInt(1, 12), random.nextInt(3));
                world.serviceNs = scale * random.nextInt(1, 20);
            }
            default -> {
                long nowNs = 0;
                for (int i = random.nextInt(60); i > 0; i--) {
                    nowNs += scale * random.nextInt(40) * random.nextInt(3);
                    world.arrive(nowNs, random.nextInt(world.functions.size()), scale * random.nextInt(1, 60));
                }
            }
        }
        world.end = switch (random.nextInt(endless ? 2 : 3)) {
            case 0 -> new Length.End.Invocations(random.nextInt(1, 60));
            case 1 -> new Length.End.Duration(world.warmupNs + scale * random.nextInt(1, 1500));
            default -> new Length.End.LoadExhausted();
        };
    }

    // Oracle: conservation. The log is replayed: no more alive than the limit, one verb at a time per sandbox,
    // everything evicted, and as many runs begun as the platform says were served.
    @Test
    void keepsItsIdentitiesAndLimits() {
        long served = 0;
        for (long seed = 0; seed < WORLDS; seed++) {
            World world = world(seed, 1);
            try {
                world.run();
            } catch (IllegalStateException e) {
                throw new AssertionError("seed " + seed, e);
            }
            long alive = 0;
            long runs = 0;
            for (String line : world.log) {
                alive += line.contains(" start ") ? 1 : line.contains(" evict ") && world.times.evictNs == 0 ? -1 : 0;
                runs += line.contains(" run ") ? 1 : 0;
                if (world.times.evictNs == 0) {
                    assertThat(alive).as("seed %d", seed).isLessThanOrEqualTo(world.limit);
                }
            }
            assertThat(count(world.log, " start ")).as("seed %d", seed).isEqualTo(count(world.log, " evict "));
            if (world.warmupNs == 0 && world.atHorizon == Policies.AtHorizon.FINISH) {
                assertThat(world.value(Metrics.INVOCATIONS)).as("seed %d", seed).isEqualTo(runs);
                assertThat(world.value(Metrics.ARRIVALS)).as("seed %d", seed).isEqualTo(runs
                    + world.value(Metrics.REJECTED));
                served += runs;
            }
        }
        assertThat(served).as("the worlds are not empty").isGreaterThan(10 * WORLDS / 2);
    }

    private static long count(List<String> log, String what) {
        return log.stream().filter(line -> line.contains(what)).count();
    }

    // Oracle: metamorphic. With every time k times as long, everything happens k times as late. (Bins of a minute do
    // not scale.)
    @Test
    void scalesWithTime() {
        for (long seed = 0; seed < WORLDS; seed++) {
            World plain = world(seed, 1);
            if (!(plain.keepAlive instanceof KeepAlive.Histogram)) {
                List<String> scaled = plain.run().log.stream().map(line -> times(line, 7)).toList();
                assertThat(world(seed, 7).run().log).as("seed %d", seed).isEqualTo(scaled);
            }
        }
    }

    private static String times(String line, int k) {
        Matcher matcher = LINE.matcher(line);
        assertThat(matcher.matches()).isTrue();
        return k * Long.parseLong(matcher.group(1)) + " " + matcher.group(2);
    }

    // Oracle: a second computation, which keeps all sandboxes in a list and looks through it at each arrival.
    @Test
    void agreesWithALookThroughAllSandboxes() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            World world = new World();
            world.seed = seed;
            world.reuse = Policies.Reuse.values()[random.nextInt(4)];
            long ttlNs = random.nextLong(1L << 20);
            boolean renew = random.nextBoolean();
            world.keepAlive = new KeepAlive.Ttl(ttlNs, renew);
            world.times.createNs = random.nextLong(1L << 16);
            List<Used> all = new ArrayList<>();
            List<Double> waits = new ArrayList<>();
            long nowNs = 0;
            for (int i = 0; i < 200; i++) {
                nowNs += 1 + random.nextLong(1L << 18);
                long serviceNs = 1 + random.nextLong(1L << 19);
                world.arrive(nowNs, 0, serviceNs);
                waits.add((double) serve(all, world, ttlNs, renew, nowNs, serviceNs));
            }
            world.run();
            assertThat(world.samples(Metrics.WAIT)).as("seed %d",
                seed).containsExactlyInAnyOrder(waits.stream().mapToDouble(w -> w).toArray());
            assertThat(world.value(Metrics.COLD_STARTS)).as("seed %d", seed).isEqualTo(all.size());
        }
    }

    private static final class Used {
        private long number;
        private long readyNs;
        private long idleNs;
    }

    private static long serve(List<Used> all, World world, long ttlNs, boolean renew, long nowNs, long serviceNs) {
        Comparator<Used> first = switch (world.reuse) {
            case NEWEST -> Comparator.comparingLong(used -> -used.number);
            case OLDEST -> Comparator.comparingLong(used -> used.number);
            case MOST_RECENTLY_USED -> Comparator.comparingLong(used -> -used.idleNs);
            case LEAST_RECENTLY_USED -> Comparator.comparingLong(used -> used.idleNs);
            case RANDOM -> throw new IllegalArgumentException("has no order");
        };
        Used chosen = all.stream().filter(used -> used.idleNs <= nowNs
            && nowNs < (renew ? used.idleNs + ttlNs : Math.max(used.readyNs + ttlNs,
            used.idleNs))).min(first).orElse(null);
        long waitNs = 0;
        if (chosen == null) {
            chosen = new Used();
            chosen.number = all.size();
            chosen.readyNs = nowNs + world.times.createNs;
            all.add(chosen);
            waitNs = world.times.createNs;
        }
        chosen.idleNs = nowNs + waitNs + serviceNs;
        return waitNs;
    }
}
