package sandglass.workload.function;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Orders as JSON lines; expected: those shipped, by country. */
final class Orders {

    private static final String[] STATES = {"open", "shipped", "shipped", "cancelled"};
    private static final String[] COUNTRIES = {"Chile", "Česko", "日本", "España", "Tonga"};
    private static final String[] NAMES = {"Ann \"Quick\" Lee", "Zoë", "Łukasz", "李", "Bob\\Smith", "🦉 Ltd",
            "Eve\nNewline", "Ivan"};

    private Orders() {}

    /** One country's share of the answer. */
    private static final class Country {
        private long orders;
        private long cents;
        private final Map<String, Long> skus = new TreeMap<>();
        private final TreeSet<String> customers = new TreeSet<>((a, b) -> compareCodePoints(a, b));

        Map<String, Object> document() {
            Map<String, Object> document = new TreeMap<>();
            document.put("orders", orders);
            document.put("cents", cents);
            document.put("skus", skus);
            document.put("customers", new ArrayList<>(customers));
            return document;
        }
    }

    static EtlCase make(long seed, int documents) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder lines = new StringBuilder();
        Map<String, Country> countries = new TreeMap<>();
        long kept = 0;
        for (int id = 0; id < documents; id++) {
            String status = STATES[random.nextInt(STATES.length)];
            String name = NAMES[random.nextInt(NAMES.length)];
            String where = COUNTRIES[random.nextInt(COUNTRIES.length)];
            List<Map<String, Object>> items = new ArrayList<>();
            boolean shipped = status.equals("shipped");
            if (shipped) {
                kept++;
                countries.computeIfAbsent(where, c -> new Country()).orders++;
                countries.get(where).customers.add(name);
            }
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                String sku = "sku-" + random.nextInt(40);
                long quantity = random.nextInt(1, 12);
                long cents = random.nextInt(50, 50_000);
                items.add(members("sku", sku, "quantity", quantity, "cents", cents));
                if (shipped) {
                    countries.get(where).cents += quantity * cents;
                    countries.get(where).skus.merge(sku, quantity, Long::sum);
                }
            }
            lines.append(Json.text(members("id", (long) id, "status", status, "customer",
                    members("name", name, "country", where),
                    "items", items))).append('\n');
        }
        Map<String, Object> expected = new TreeMap<>();
        countries.forEach((name, country) -> expected.put(name, country.document()));
        return new EtlCase(lines.toString().getBytes(StandardCharsets.UTF_8), Map.of("status", "shipped"),
                Map.of("read", (long) documents, "kept", kept, "countries", (long) countries.size()),
                EtlCase.Output.exactly(Json.text(expected).getBytes(StandardCharsets.UTF_8)));
    }

    /** Python orders text by code point, Java by UTF-16 unit. */
    private static int compareCodePoints(String a, String b) {
        return java.util.Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
    }

    private static Map<String, Object> members(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }
}
