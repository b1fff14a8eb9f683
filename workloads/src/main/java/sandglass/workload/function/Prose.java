package sandglass.workload.function;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Text in mixed case with punctuation and letters beyond ASCII; expected: its most frequent words, counted byte by
 * byte.
 */
final class Prose {

    private static final int VOCABULARY = 3_000;
    private static final int TOP = 100;
    private static final String[] SEPARATORS = {" ", " ", " ", " ", ", ", ". ", "'", "-", "\n", " – ", "é", "1",
            "!\r\n"};

    private Prose() {}

    static EtlCase make(long seed, int words) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> vocabulary = new ArrayList<>();
        for (int i = 0; i < VOCABULARY; i++) {
            StringBuilder word = new StringBuilder();
            for (int length = random.nextInt(1, 10); length > 0; length--) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            vocabulary.add(word.toString());
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            String word = vocabulary.get(random.nextInt(1 + random.nextInt(VOCABULARY)));
            text.append(switch (random.nextInt(6)) {
                case 0 -> Character.toUpperCase(word.charAt(0)) + word.substring(1);
                case 1 -> word.toUpperCase(java.util.Locale.ROOT);
                default -> word;
            }).append(SEPARATORS[random.nextInt(SEPARATORS.length)]);
        }
        byte[] input = text.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, Long> counts = count(input);
        StringBuilder expected = new StringBuilder();
        counts.entrySet().stream().sorted(Comparator.comparingLong((Map.Entry<String, Long> e) -> -e.getValue())
                .thenComparing(Map.Entry::getKey)).limit(TOP)
                .forEach(e -> expected.append(e.getKey()).append(' ').append(e.getValue()).append('\n'));
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        return new EtlCase(input, Map.of("top", TOP), Map.of("words", total, "distinct", (long) counts.size()),
                EtlCase.Output.exactly(expected.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    private static Map<String, Long> count(byte[] text) {
        Map<String, Long> counts = new HashMap<>();
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        for (int i = 0; i <= text.length; i++) {
            int lower = i < text.length ? text[i] | 0x20 : 0;
            if (lower >= 'a' && lower <= 'z') {
                word.write(lower);
            } else if (word.size() > 0) {
                counts.merge(word.toString(StandardCharsets.US_ASCII), 1L, Long::sum);
                word.reset();
            }
        }
        return counts;
    }
}
