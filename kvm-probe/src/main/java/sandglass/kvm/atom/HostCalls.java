package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import sandglass.calibration.WellKnown;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** System calls and context switches of the host, as a Python process sees them. */
final class HostCalls {

    /** Cheapest call that enters the kernel: it reads one number. Python does not keep its answer, as it would for getpid. */
    private static final String SYSTEM_CALL = """
            import os, time, resource
            def handler(event, etl):
                calls, out = range(event['calls']), []
                for _ in range(event['rounds']):
                    start = time.perf_counter_ns()
                    for _ in calls:
                        pass
                    middle = time.perf_counter_ns()
                    for _ in calls:
                        os.getppid()
                    end = time.perf_counter_ns()
                    out.append(max(0, end - middle - middle + start) / event['calls'])
                return out
            """;
    /** One byte goes to and fro between two processes through two pipes: two switches, two writes and two reads a round. */
    private static final String PING_PONG = """
            import os, resource, time
            def handler(event, etl):
                there, back = os.pipe(), os.pipe()
                cores = sorted(os.sched_getaffinity(0))
                child = os.fork()
                if child == 0:
                    try:
                        os.sched_setaffinity(0, {cores[-1 if event['apart'] else 0]})
                        os.close(there[1])
                        while os.read(there[0], 1):
                            os.write(back[1], b'x')
                    finally:
                        os._exit(0)
                os.sched_setaffinity(0, {cores[0]})
                os.close(there[0])
                turns, out = range(event['turns']), []
                # On one core the other runs only when this one has left it, of itself or because the kernel took it away on waking the other.
                def switches():
                    usage = resource.getrusage(resource.RUSAGE_SELF)
                    return usage.ru_nvcsw + (0 if event['apart'] else usage.ru_nivcsw)
                before = switches()
                try:
                    for _ in range(event['rounds']):
                        start = time.perf_counter_ns()
                        for _ in turns:
                            os.write(there[1], b'x')
                            os.read(back[0], 1)
                        middle = time.perf_counter_ns()
                        for _ in turns:
                            os.write(back[1], b'x')
                            os.read(back[0], 1)
                        end = time.perf_counter_ns()
                        out.append(max(0, (middle - start) - 2 * (end - middle)) / 2 / len(turns))
                    switched = switches() - before
                finally:
                    for fd in (there[1], back[0], back[1]):
                        os.close(fd)
                    os.sched_setaffinity(0, set(cores))
                    os.waitpid(child, 0)
                return out + [switched]
            """;
    /** Two processes compute on one core; this one sees at which instants it goes on after the other had its turn. */
    private static final String TURNS_OF_TWO = """
            import os, signal, time
            def handler(event, etl):
                cores = sorted(os.sched_getaffinity(0))
                os.sched_setaffinity(0, {cores[0]})
                clock, longest = time.perf_counter_ns, event['longest']
                until = clock() + longest * (event['slices'] + 2)
                child = os.fork()
                if child == 0:
                    while clock() < until:
                        pass
                    os._exit(0)
                out = []
                try:
                    before = begin = clock()
                    while len(out) <= event['slices'] and before < until:
                        now = clock()
                        if now - before > event['away']:
                            out.append(before - begin)
                            begin = now
                        before = now
                finally:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                    os.sched_setaffinity(0, set(cores))
                return out[1:]
            """;
    /**
     * A child that sleeps and computes in turn, and this process, which wakes up on the same core some time after the child has. For each of these
     * times how late it comes, in turn.
     */
    private static final String WAKE_UPS = """
            import os, signal, time

            def handler(event, etl):
                cores = sorted(os.sched_getaffinity(0))
                os.sched_setaffinity(0, {cores[0]})
                clock, steps, rounds = time.perf_counter_ns, event['steps'], event['rounds']
                turn, computes = event['turn'], event['computes']
                first = clock() + 2 * turn

                def sleep(until):
                    time.sleep(max(0, until - clock()) / 1e9)

                child = os.fork()
                if child == 0:
                    for number in range(rounds * steps):
                        begin = first + number * turn
                        sleep(begin)
                        while clock() < begin + computes:
                            pass
                    os._exit(0)
                late = []
                try:
                    for number in range(rounds * steps):
                        due = first + number * turn + (number % steps + 1) * event['step']
                        sleep(due)
                        late.append(clock() - due)
                finally:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                    os.sched_setaffinity(0, set(cores))
                return late
            """;
    private static final int WAKE_STEPS = 16;
    private static final int WAKE_ROUNDS = 10;
    private static final long WAKE_STEP_NS = 250_000;
    private static final long WAKE_TURN_NS = 12_000_000;
    private static final long WAKE_COMPUTES_NS = 8_000_000;
    /** Whoever waits for another to be interrupted waits for longer. */
    private static final double AT_ONCE_NS = 400_000;
    private static final int SLICES = 150;
    private static final long AWAY_NS = 300_000;
    private static final long LONGEST_SLICE_NS = 20_000_000;
    private static final int CALLS = 2000;
    private static final int TURNS = 200;
    private static final int ROUNDS = 200;
    private static final double LEAST_SWITCHES_A_TURN = 0.5;

    private HostCalls() {
    }

    static Atom systemCall() {
        return new Atom("system-call", Set.of(Atom.HOST), List.of(new Quantity("linux.syscall", NANOSECONDS,
                "one getppid() from Python on the host, without the loop around it")),
                "loop of 2000 os.getppid() less the same loop empty, alternating, in a process of the process stack; a value is the mean of one loop",
                Clock.WALL, new Seconds(1, 0.5), HostCalls::measureSystemCall);
    }

    private static List<Reading> measureSystemCall(Bench bench) throws UnsupportedHereException {
        try (PythonProcess python = new PythonProcess(bench)) {
            int rounds = bench.rounds(ROUNDS);
            Sample sample = new Sample("linux.syscall");
            double[] values = python.numbers(SYSTEM_CALL, "{\"rounds\": " + rounds + ", \"calls\": " + CALLS + "}");
            for (double value : values) {
                sample.add(value);
            }
            return List.of(sample.exactly("loops timed", values.length, rounds).reading());
        }
    }

    static Atom slice() {
        return new Atom("slice", Set.of(Atom.HOST), List.of(new Quantity(WellKnown.SLICE, NANOSECONDS,
                "for how long a process computes until the kernel lets another run that waits for the core")),
                "two processes that compute on one core; the stretches of one between interruptions of 0.3 ms and more", Clock.WALL,
                new Seconds(2, 0.5), HostCalls::measureSlice);
    }

    private static List<Reading> measureSlice(Bench bench) throws UnsupportedHereException {
        try (PythonProcess python = new PythonProcess(bench)) {
            int slices = bench.rounds(SLICES);
            Sample sample = new Sample(WellKnown.SLICE);
            double[] values = python.numbers(TURNS_OF_TWO,
                    "{\"slices\": " + slices + ", \"away\": " + AWAY_NS + ", \"longest\": " + LONGEST_SLICE_NS + "}");
            for (double value : values) {
                sample.add(value);
            }
            return List.of(sample.exactly("slices", values.length, slices).reading());
        }
    }

    static Atom wakeGrace() {
        return new Atom("wake-grace", Set.of(Atom.HOST), List.of(new Quantity(WellKnown.WAKE_GRACE, NANOSECONDS,
                "for how long a process has computed since it was woken before another that is woken runs at once")),
                "a process that sleeps and computes, and another that is woken on the same core 0.25 to 4 ms after it; the first of these times "
                        + "from which on most of those woken run within 0.4 ms", Clock.WALL, new Seconds(2.5, 1), HostCalls::measureWakeGrace);
    }

    private static List<Reading> measureWakeGrace(Bench bench) throws UnsupportedHereException {
        try (PythonProcess python = new PythonProcess(bench)) {
            int rounds = bench.rounds(WAKE_ROUNDS);
            double[] late = python.numbers(WAKE_UPS, "{\"steps\": " + WAKE_STEPS + ", \"rounds\": " + rounds + ", \"step\": " + WAKE_STEP_NS
                    + ", \"turn\": " + WAKE_TURN_NS + ", \"computes\": " + WAKE_COMPUTES_NS + "}");
            int step = WAKE_STEPS;
            while (step > 0 && mostAtOnce(late, step - 1)) {
                step--;
            }
            if (step == WAKE_STEPS) {
                return List.of(new Reading.Unsupported(WellKnown.WAKE_GRACE, "nobody who is woken runs before the other's slice is over",
                        "nothing: a slice stands for it"));
            }
            Sample grace = new Sample(WellKnown.WAKE_GRACE);
            for (int i = 0; i < late.length; i++) {
                grace.add(step * WAKE_STEP_NS);
            }
            return List.of(grace.exactly("wake-ups timed", late.length, (long) WAKE_STEPS * rounds).middle());
        }
    }

    private static boolean mostAtOnce(double[] late, int step) {
        int rounds = late.length / WAKE_STEPS;
        return IntStream.range(0, rounds).filter(round -> late[round * WAKE_STEPS + step] < AT_ONCE_NS).count() > rounds / 2;
    }

    static Atom contextSwitch() {
        return new Atom("context-switch", Set.of(Atom.HOST), List.of(
                new Quantity("linux.context-switch", NANOSECONDS, "from one process to another on the same core, without the pipe's calls"),
                new Quantity("linux.wake-up", NANOSECONDS, "the same between two cores: wake-up of a process on an idle core")),
                "200 turns of one byte through two pipes between two pinned processes, less the same calls on a pipe of one's own; half a turn",
                Clock.WALL, new Seconds(3, 1), HostCalls::measureContextSwitch);
    }

    private static List<Reading> measureContextSwitch(Bench bench) throws UnsupportedHereException {
        try (PythonProcess python = new PythonProcess(bench)) {
            Reading together = pingPong(python, bench, "linux.context-switch", false);
            Reading apart = Runtime.getRuntime().availableProcessors() > 1 ? pingPong(python, bench, "linux.wake-up", true)
                    : new Reading.Unsupported("linux.wake-up", "this host has one core", "use a host with two");
            return List.of(together, apart);
        }
    }

    private static Reading pingPong(PythonProcess python, Bench bench, String parameter, boolean apart) {
        int rounds = bench.rounds(ROUNDS);
        double[] values = python.numbers(PING_PONG, "{\"rounds\": " + rounds + ", \"turns\": " + TURNS + ", \"apart\": " + apart + "}");
        Sample sample = new Sample(parameter);
        for (int i = 0; i < rounds; i++) {
            sample.add(values[i]);
        }
        // On two cores the answer may be there before the reader sleeps; the kernel says how often it slept, and on one core how often it left.
        double switches = values[rounds] / ((double) rounds * TURNS);
        return sample.atMost("turns without a switch, share", 1 - switches, LEAST_SWITCHES_A_TURN).reading();
    }
}
