package sandglass.workload.function;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A web server's access log with some spoilt lines; expected: its summary, gathered while the lines are written. */
final class AccessLog {

    private static final int[] STATES = {200, 200, 200, 204, 301, 304, 404, 500, 503};
    private static final String[] SPOILT = {"", "-", "10.0.0.1 - - [10/Oct/2026:13:55:36 +0000] \"GET / HTTP/1.1\" 200",
        "10.0.0.1 - - [10/Oct/2026 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"", "GET / HTTP/1.1"};
    private static final int SPOILT_ONE_IN = 50;

    private AccessLog() {}

    static EtlCase make(long seed, int lines) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder log = new StringBuilder();
        Set<String> clients = new HashSet<>();
        Map<Integer, Long> classes = new TreeMap<>();
        Map<Integer, long[]> hours = new TreeMap<>();
        Map<String, Long> paths = new TreeMap<>();
        long spoilt = 0;
        for (int i = 0; i < lines; i++) {
            if (random.nextInt(SPOILT_ONE_IN) == 0) {
                log.append(SPOILT[random.nextInt(SPOILT.length)]).append('\n');
                spoilt++;
                continue;
            }
            String client = "10.0." + random.nextInt(4) + "." + random.nextInt(256);
            int hour = random.nextInt(24);
            String path = "/shop/" + (char) ('a' + random.nextInt(26)) + "/" + random.nextInt(1 + random.nextInt(8));
            String query = random.nextBoolean() ? "" : "?page=" + random.nextInt(9);
            int status = STATES[random.nextInt(STATES.length)];
            int bytes = random.nextInt(100_000);
            boolean unknown = status == 304;
            log.append(String.format("%s - %s [10/Oct/2026:%02d:%02d:%02d +0000] \"%s %s%s HTTP/1.1\" %d %s "
                    + "\"-\" \"probe/%d.0 (x; y)\"\n", client, random.nextBoolean() ? "-" : "ann", hour, random.nextInt(60), random.nextInt(60),
                    random.nextInt(5) == 0 ? "POST" : "GET", path, query, status, unknown ? "-"
                    : Integer.toString(bytes),
                    random.nextInt(9)));
            clients.add(client);
            classes.merge(status / 100, 1L, Long::sum);
            long[] ofHour = hours.computeIfAbsent(hour, h -> new long[2]);
            ofHour[0]++;
            ofHour[1] += unknown ? 0 : bytes;
            paths.merge(path, 1L, Long::sum);
        }
        StringBuilder expected = new StringBuilder("clients " + clients.size() + "\nmalformed " + spoilt + "\n");
        classes.forEach((status, hits) -> expected.append("status ").append(status).append("xx ").append(hits)
                .append('\n'));
        hours.forEach((hour, of) -> expected.append(String.format("hour %02d %d %d\n", hour, of[0], of[1])));
        paths.entrySet().stream().sorted(Comparator.comparingLong((Map.Entry<String, Long> e) -> -e.getValue())
                .thenComparing(Map.Entry::getKey)).limit(10)
                .forEach(e -> expected.append("path ").append(e.getKey()).append(' ').append(e.getValue())
                .append('\n'));
        return new EtlCase(log.toString().getBytes(StandardCharsets.US_ASCII), Map.of(),
                Map.of("lines", (long) lines, "malformed", spoilt),
                EtlCase.Output.exactly(expected.toString().getBytes(StandardCharsets.US_ASCII)));
    }
}
