package sandglass.workload.function;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A page template with records whose text needs escaping; expected: the page, put together piece by piece. */
final class Letters {

    private static final String[] NAMES = {"Ann", "<b>Bob</b>", "Åsa & Søn", "O'Neill", "\"Q\"", "李", "🦉",
            "$row"};
    /** The same, escaped for HTML by hand. */
    private static final String[] ESCAPED = {"Ann", "&lt;b&gt;Bob&lt;/b&gt;", "Åsa &amp; Søn", "O&#x27;Neill",
            "&quot;Q&quot;", "李",
        "🦉", "$row"};

    private Letters() {}

    static EtlCase make(long seed, int records) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Map<String, Object>> list = new ArrayList<>();
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < records; i++) {
            int name = random.nextInt(NAMES.length);
            long amount = random.nextInt(-1_000, 100_000);
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("name", NAMES[name]);
            record.put("amount", amount);
            list.add(record);
            rows.append("<tr><td>").append(ESCAPED[name]).append("</td><td>$").append(amount).append("</td></tr>\n");
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("page",
                "<html><head><title>${title}</title></head>\n<h1>$title</h1>\n<table>\n$rows</table>\n</html>\n");
        document.put("row", "<tr><td>$name</td><td>$$${amount}</td></tr>\n");
        document.put("title", "Accounts & balances <" + seed + ">");
        document.put("records", list);
        String title = "Accounts &amp; balances &lt;" + seed + "&gt;";
        String page = "<html><head><title>" + title + "</title></head>\n<h1>" + title + "</h1>\n<table>\n" + rows
                + "</table>\n</html>\n";
        return new EtlCase(Json.text(document).getBytes(StandardCharsets.US_ASCII), Map.of(),
                Map.of("records", (long) records, "characters", (long) page.codePointCount(0, page.length())),
                EtlCase.Output.exactly(page.getBytes(StandardCharsets.UTF_8)));
    }
}
