package sandglass.workload.function;

import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The table lineitem of TPC-H as text, and the answers to queries 1 and 6 computed from the generator's typed rows. The
 * seed chooses one part of the table at scale 0.01 (60,175 rows), cut so that a part has about the size asked for;
 * above that, the scale grows and the table is whole.
 */
public final class TpchData {

    private static final double SMALL_SCALE = 0.01;
    private static final int SMALL_ROWS = 60_000;
    private static final int ROWS_AT_SCALE_1 = 6_000_000;

    private TpchData() {}

    /** Sums of one group of query 1; money in cents, with two more decimals for each factor of hundredths. */
    private static final class Group {
        private long quantity;
        private long price;
        private BigInteger discounted = BigInteger.ZERO;
        private BigInteger charge = BigInteger.ZERO;
        private long discount;
        private long count;

        void add(LineItem row) {
            BigInteger reduced = BigInteger.valueOf(row.getExtendedPriceInCents())
                    .multiply(BigInteger.valueOf(100 - row.getDiscountPercent()));
            quantity += row.getQuantity();
            price += row.getExtendedPriceInCents();
            discounted = discounted.add(reduced);
            charge = charge.add(reduced.multiply(BigInteger.valueOf(100 + row.getTaxPercent())));
            discount += row.getDiscountPercent();
            count++;
        }

        String text() {
            return String.join("|", Long.toString(quantity), new BigDecimal(BigInteger.valueOf(price), 2).toString(),
                    new BigDecimal(discounted, 4).toPlainString(), new BigDecimal(charge, 6).toPlainString(),
                    mean(BigDecimal.valueOf(quantity)), mean(BigDecimal.valueOf(price, 2)),
                    mean(BigDecimal.valueOf(discount, 2)),
                    Long.toString(count));
        }

        private String mean(BigDecimal sum) {
            return sum.divide(BigDecimal.valueOf(count), 2, RoundingMode.HALF_UP).toPlainString();
        }
    }

    /** The rows that a seed and a size denote, in order of the order key. */
    public static void rows(long seed, int size, Consumer<LineItem> consumer) {
        double scale = Math.max(SMALL_SCALE, (double) size / ROWS_AT_SCALE_1);
        int parts = Math.max(1, SMALL_ROWS / size);
        new LineItemGenerator(scale, 1 + (int) Math.floorMod(seed, (long) parts), parts).forEach(consumer);
    }

    /** Query 1, the pricing summary report, for DELTA = 90 days. */
    static final class PricingSummary {
        private final int lastDay = (int) LocalDate.of(1998, 12, 1).minusDays(90).toEpochDay();
        private final Map<String, Group> groups = new TreeMap<>();

        void add(LineItem row) {
            if (row.getShipDate() <= lastDay) {
                groups.computeIfAbsent(row.getReturnFlag() + "|" + row.getStatus(), key -> new Group()).add(row);
            }
        }

        int groups() {
            return groups.size();
        }

        /** A line a group. */
        String answer() {
            StringBuilder answer = new StringBuilder();
            groups.forEach((key, group) -> answer.append(key).append('|').append(group.text()).append('\n'));
            return answer.toString();
        }
    }

    /** Query 6, the forecasting revenue change, for 1994, 6 % and 24 pieces. */
    static final class RevenueChange {
        private final int fromDay = (int) LocalDate.of(1994, 1, 1).toEpochDay();
        private final int toDay = (int) LocalDate.of(1995, 1, 1).toEpochDay();
        private BigDecimal sum = new BigDecimal("0.0000");
        private long rows;

        void add(LineItem row) {
            boolean inYear = row.getShipDate() >= fromDay && row.getShipDate() < toDay;
            if (inYear && Math.abs(row.getDiscountPercent() - 6) <= 1 && row.getQuantity() < 24) {
                rows++;
                BigDecimal discount = BigDecimal.valueOf(row.getDiscountPercent(), 2);
                sum = sum.add(BigDecimal.valueOf(row.getExtendedPriceInCents(), 2).multiply(discount));
            }
        }

        /** How many rows matched. */
        long rows() {
            return rows;
        }

        String answer() {
            return sum.toPlainString() + "\n";
        }
    }

    /** The table as text, while a query looks at its rows. */
    private static byte[] table(long seed, int size, Consumer<LineItem> query) {
        StringBuilder table = new StringBuilder();
        rows(seed, size, row -> {
            table.append(row.toLine()).append('\n');
            query.accept(row);
        });
        return table.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static long lines(byte[] table) {
        return new String(table, StandardCharsets.US_ASCII).lines().count();
    }

    static EtlCase makeQ1(long seed, int size) {
        PricingSummary query = new PricingSummary();
        byte[] table = table(seed, size, query::add);
        return new EtlCase(table, Map.of(), Map.of("rows", lines(table), "groups", (long) query.groups()),
                EtlCase.Output.exactly(query.answer().getBytes(StandardCharsets.US_ASCII)));
    }

    static EtlCase makeQ6(long seed, int size) {
        RevenueChange query = new RevenueChange();
        byte[] table = table(seed, size, query::add);
        return new EtlCase(table, Map.of(), Map.of("rows", lines(table), "matched", query.rows()),
                EtlCase.Output.exactly(query.answer().getBytes(StandardCharsets.US_ASCII)));
    }
}
