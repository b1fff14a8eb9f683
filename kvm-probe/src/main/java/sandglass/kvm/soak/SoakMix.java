package sandglass.kvm.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import sandglass.kvm.usf.Outcome;
import sandglass.kvm.usf.Stop;

/**
 * The programs of a soak that need no network: trivial, raising, secretive, searching and hostile ones. Weights are shares in a thousand
 * if the {@value #OTHERS_WEIGHT} left over go to programs that the caller adds.
 */
public final class SoakMix {

    /** What is left for other programs. */
    public static final double OTHERS_WEIGHT = 50;
    /** What secretive programs leave behind starts with this. */
    public static final String SECRET = "S3CRET-0123456789-";

    /** Generous: a good function that is late because the host is busy is no wrong answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A hostile function may be ended early: that is one of the ways in which it may end. */
    private static final Duration HOSTILE_LIMIT = Duration.ofMillis(100);
    private static final double HOSTILE_WEIGHT = 10;
    /** Of a program with an event of 100 MB, which costs the host more than the guest. */
    private static final double HEAVY_SHARE = 0.1;
    private static final int HEAVY_CHARACTERS = 10_000_000;

    private static final String LEAVE_SECRETS = """
            import builtins, json, os, random, sys
            KEPT = []
            def handler(event, etl):
                secret = event['secret']
                sys.leak = [secret + str(i) for i in range(event['n'])]
                json.leak = builtins.leak = secret
                KEPT.extend(sys.leak)
                os.environ['LEAK'] = secret
                with open('/tmp/leak', 'w') as file:
                    file.write(secret * 100)
                os.rename('/tmp/leak', '/tmp/' + secret)
                random.seed(1)
                json.dumps = None
                sys.path.append(secret)
                return len(sys.leak)
            """;
    private static final String LEAVE_GARBAGE = """
            def handler(event, etl):
                blocks = [bytearray(event['secret'].encode() * 300) for i in range(event['n'])]
                return sum(map(len, blocks))
            """;
    private static final String SEARCH = """
            import builtins, gc, json, os, sys
            def handler(event, etl):
                found = [type(place).__name__ for place in (sys, json, builtins) if hasattr(place, 'leak')]
                found += [name for name in os.environ if 'LEAK' in name] + os.listdir('/tmp')
                found += [path for path in sys.path if path.startswith('S3')]
                found += ['dumps'] if json.dumps is None else []
                found += [o['KEPT'] for o in gc.get_objects() if type(o) is dict and 'KEPT' in o]
                return found
            """;
    private static final String DRAW = """
            import os, random
            def handler(event, etl):
                return random.getrandbits(62) ^ int.from_bytes(os.urandom(1), 'little') << 54
            """;
    private static final String ARITHMETIC = "def handler(event, etl):\n    return event['n'] * 3 + 1\n";
    private static final String TEXT = "def handler(event, etl):\n    print(event)\n    return event['text'][::-1] + '\\u00fc'\n";
    private static final String SORT = "def handler(event, etl):\n    return sorted(event, key=lambda v: -v)\n";

    private SoakMix() {
    }

    /** The programs. A list is for one soak: programs that draw random numbers remember them. */
    public static List<SoakProgram> programs() {
        List<SoakProgram> all = new ArrayList<>();
        trivial(all);
        raising(all);
        secretive(all);
        hostile(all);
        return all;
    }

    private static void trivial(List<SoakProgram> all) {
        all.add(new SoakProgram("arithmetic", SoakProgram.Group.TRIVIAL, 600, (index, random) -> {
            int n = random.nextInt();
            return SoakCall.returning(Long.toString(n * 3L + 1), ARITHMETIC, "{\"n\": " + n + "}", PATIENCE);
        }));
        all.add(new SoakProgram("text", SoakProgram.Group.TRIVIAL, 115, (index, random) -> {
            String text = Long.toString(random.nextLong(), Character.MAX_RADIX);
            return SoakCall.returning("\"" + new StringBuilder(text).reverse() + "\\u00fc\"", TEXT, "{\"text\": \"" + text + "\"}", PATIENCE);
        }));
        all.add(new SoakProgram("sort", SoakProgram.Group.TRIVIAL, 115, (index, random) -> {
            int[] values = random.ints(50, 0, 1000).toArray();
            String sorted = Arrays.stream(values).boxed().sorted(Comparator.reverseOrder()).toList().toString();
            return SoakCall.returning(sorted, SORT, Arrays.toString(values), PATIENCE);
        }));
    }

    private static void raising(List<SoakProgram> all) {
        raises(all, "missing key", "KeyError: 'missing'", "def handler(event, etl):\n    return event['missing']\n");
        raises(all, "no Python", "SyntaxError", "def handler(:\n");
        raises(all, "no handler", "defines no handler", "x = 1\n");
        raises(all, "no JSON", "not JSON serializable", "def handler(event, etl):\n    return object()\n");
        raises(all, "too deep", "RecursionError", "def handler(event, etl):\n    return handler(event, etl)\n");
        raises(all, "too large", "MemoryError", "def handler(event, etl):\n    return len(bytearray(1 << 36))\n");
        raises(all, "forbidden host", "not among the hosts allowed",
                "def handler(event, etl):\n    return len(etl.get('http://10.0.0.1/'))\n");
        raises(all, "no web address", "expected http", "def handler(event, etl):\n    return len(etl.get('file:///etc/passwd'))\n");
    }

    private static void raises(List<SoakProgram> all, String name, String text, String source) {
        all.add(new SoakProgram(name, SoakProgram.Group.RAISING, 3.75,
                (index, random) -> SoakCall.raising(text, source, "{\"secret\": \"" + SECRET + index + "\"}", PATIENCE)));
    }

    private static void secretive(List<SoakProgram> all) {
        all.add(new SoakProgram("leave secrets", SoakProgram.Group.SECRETIVE, 30, (index, random) -> {
            int n = 1 + random.nextInt(300);
            return SoakCall.returning(Integer.toString(n), LEAVE_SECRETS, event(index, n), PATIENCE);
        }));
        all.add(new SoakProgram("leave garbage", SoakProgram.Group.SECRETIVE, 10, (index, random) -> {
            int n = 1 + random.nextInt(200);
            String secret = SECRET + index;
            return SoakCall.returning(Integer.toString(secret.length() * 300 * n), LEAVE_GARBAGE, event(index, n), PATIENCE);
        }));
        all.add(new SoakProgram("search", SoakProgram.Group.SEARCHING, 20,
                (index, random) -> SoakCall.returning("[]", SEARCH, "{}", PATIENCE)));
        Function<Outcome, Optional<String>> isNew = new Draws();
        all.add(new SoakProgram("draw", SoakProgram.Group.SEARCHING, 20, (index, random) -> new SoakCall(DRAW, "{}", PATIENCE, isNew)));
    }

    private static String event(long index, int n) {
        return "{\"secret\": \"" + SECRET + index + "\", \"n\": " + n + "}";
    }

    private static void hostile(List<SoakProgram> all) {
        List<HostileProgram> programs = HostileProgram.all();
        for (HostileProgram program : programs) {
            double share = program.event().length() > HEAVY_CHARACTERS ? HEAVY_SHARE : 1;
            SoakCall call = new SoakCall(program.source(), program.event(), HOSTILE_LIMIT, outcome -> wrongEnd(program, outcome));
            all.add(new SoakProgram("hostile: " + program.name(), SoakProgram.Group.HOSTILE, HOSTILE_WEIGHT / programs.size() * share,
                    (index, random) -> call));
        }
    }

    private static Optional<String> wrongEnd(HostileProgram program, Outcome outcome) {
        boolean isLate = outcome.equals(new Outcome.Killed(new Stop.OutOfTime()));
        return isLate || program.ends().test(outcome) ? Optional.empty() : Optional.of("must not end so: " + SoakCall.excerpt(outcome));
    }

    /** Whether a number has not been drawn lately: 62 random bits do not repeat among some thousand. */
    private static final class Draws implements Function<Outcome, Optional<String>> {

        private static final int REMEMBERED = 10_000;
        private final Set<Outcome> recent = new HashSet<>();

        @Override
        public synchronized Optional<String> apply(Outcome outcome) {
            if (!(outcome instanceof Outcome.Result)) {
                return Optional.of("expected a number, got " + SoakCall.excerpt(outcome));
            }
            if (recent.size() == REMEMBERED) {
                recent.clear();
            }
            return recent.add(outcome) ? Optional.empty() : Optional.of(SoakCall.excerpt(outcome) + " was drawn before");
        }
    }
}
