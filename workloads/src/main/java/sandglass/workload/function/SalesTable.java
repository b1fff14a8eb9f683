package sandglass.workload.function;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A table of sales with quoted fields, as spreadsheets export it; expected: revenue and units by region and kind. */
final class SalesTable {

    private static final String[] REGIONS = {"Asia", "Europe", "Sub-Saharan Africa", "Australia, Oceania",
            "The \"Old\" World"};
    private static final String[] COUNTRIES = {"Korea, Republic of", "Chad", "Latvia", "Côte d'Ivoire", "Tonga"};
    private static final String[] KINDS = {"Beverages", "Cereal", "Office Supplies", "Fruits, dried", "Snacks",
            "Household"};
    private static final List<String> HEADER = List.of("Region", "Country", "Item Type", "Order ID", "Units Sold",
            "Unit Price",
            "Total Revenue");

    private SalesTable() {}

    static EtlCase make(long seed, int rows) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder table = new StringBuilder(String.join(",", HEADER)).append('\n');
        Map<String, Map<String, long[]>> totals = new TreeMap<>();
        for (int i = 0; i < rows; i++) {
            String region = REGIONS[random.nextInt(REGIONS.length)];
            String kind = KINDS[random.nextInt(KINDS.length)];
            int units = random.nextInt(1, 10_000);
            int cents = random.nextInt(1, 70_000);
            long revenue = (long) units * cents;
            String country = COUNTRIES[random.nextInt(COUNTRIES.length)];
            String order = Integer.toString(random.nextInt(100_000_000, 1_000_000_000));
            table.append(String.join(",", quoted(region), quoted(country), quoted(kind), order, Integer.toString(units),
                    money(cents), money(revenue))).append('\n');
            long[] total = totals.computeIfAbsent(region, r -> new TreeMap<>()).computeIfAbsent(kind, k -> new long[3]);
            total[0]++;
            total[1] += units;
            total[2] += revenue;
        }
        StringBuilder expected = new StringBuilder("Region,Item Type,count,Units Sold,Total Revenue\n");
        long groups = 0;
        for (Map.Entry<String, Map<String, long[]>> region : totals.entrySet()) {
            for (Map.Entry<String, long[]> kind : region.getValue().entrySet()) {
                long[] total = kind.getValue();
                String revenue = String.format("%d.%02d", total[2] / 100, total[2] % 100);
                expected.append(String.join(",", quoted(region.getKey()), quoted(kind.getKey()), Long.toString(total[0]),
                        total[1] + ".00", revenue)).append('\n');
                groups++;
            }
        }
        return new EtlCase(table.toString().getBytes(StandardCharsets.UTF_8),
                Map.of("group_by", List.of("Region", "Item Type"), "sum", List.of("Units Sold", "Total Revenue")),
                Map.of("rows", (long) rows, "groups", groups),
                EtlCase.Output.exactly(expected.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** As people write it: 12, 12.5 or 12.05. */
    private static String money(long cents) {
        if (cents % 100 == 0) {
            return Long.toString(cents / 100);
        }
        return cents % 10 == 0 ? cents / 100 + "." + cents % 100 / 10
                : String.format("%d.%02d", cents / 100, cents % 100);
    }

    private static String quoted(String field) {
        boolean plain = Arrays.stream(new String[] {",", "\""}).noneMatch(field::contains);
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
