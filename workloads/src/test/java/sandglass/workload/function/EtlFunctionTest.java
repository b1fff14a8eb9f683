package sandglass.workload.function;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sandglass.workload.SharedData;

/**
 * Oracle: second computation; Java computes from its own records what the Python functions compute from the document.
 */
class EtlFunctionTest {

    @TempDir
    private Path scratch;

    private LoopbackServer server;
    private PythonProcess python;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        python = PythonProcess.start(scratch);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        if (python != null) {
            python.close();
        }
    }

    @ParameterizedTest
    @EnumSource(EtlFunction.class)
    void pythonAndJavaAgree(EtlFunction function) throws IOException {
        int[] sizes = {1, 7, 100, function.usualSize(), 4 * function.usualSize()};
        for (int i = 0; i < sizes.length; i++) {
            EtlCase one = function.make(100 + i, sizes[i]);
            String event = one.event(server.serve("/in", one.input()), server.url("/out"));
            assertThat(python.invoke(function, event)).as("%s of size %s", function, sizes[i])
                    .isEqualTo(one.resultJson());
            byte[] posted = server.take("/out").orElseThrow();
            assertThat(one.output().mismatch(posted)).as("%s of size %s", function, sizes[i]).isEmpty();
        }
        assertThat(server.gets()).isEqualTo(sizes.length);
        assertThat(server.posts()).isEqualTo(sizes.length);
    }

    /** Oracle: metamorphic; equal seeds give equal inputs, others do not, and a spoilt output is noticed. */
    @ParameterizedTest
    @EnumSource(EtlFunction.class)
    void casesDependOnTheSeedOnly(EtlFunction function) throws IOException {
        EtlCase one = function.make(5, function.usualSize());
        assertThat(function.make(5, function.usualSize()).input()).isEqualTo(one.input());
        assertThat(function.make(6, function.usualSize()).input()).isNotEqualTo(one.input());
        python.invoke(function, one.event(server.serve("/in", one.input()), server.url("/out")));
        byte[] posted = server.take("/out").orElseThrow();
        posted[posted.length / 2] ^= 1;
        assertThat(one.output().mismatch(posted)).isPresent();
        assertThat(one.output().mismatch(Arrays.copyOf(posted, posted.length - 1))).isPresent();
    }

    /** Oracle: second computation with exact decimals, on a table that nobody here made. */
    @Test
    void aggregatesARealTable() throws IOException {
        Path file = SharedData.require("etl_inputs/10000_Sales_Records.csv");
        Map<String, BigDecimal[]> totals = new TreeMap<>();
        long rows = 0;
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder()
                .ofNamedCsvRecord(new StringReader(Files.readString(file)))) {
            for (NamedCsvRecord row : reader) {
                rows++;
                BigDecimal[] total = totals.computeIfAbsent(row.getField("Item Type"), k ->
                        new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO});
                total[0] = total[0].add(BigDecimal.ONE);
                total[1] = total[1].add(new BigDecimal(row.getField("Total Profit")));
            }
        }
        StringBuilder expected = new StringBuilder("Item Type,count,Total Profit\n");
        totals.forEach((key, total) -> expected.append(key).append(',').append(total[0]).append(',')
                .append(total[1].setScale(2).toPlainString()).append('\n'));
        EtlCase one = new EtlCase(Files.readAllBytes(file),
                Map.of("group_by", List.of("Item Type"), "sum", List.of("Total Profit")),
                Map.of("rows", rows, "groups", (long) totals.size()),
                EtlCase.Output.exactly(expected.toString().getBytes(StandardCharsets.UTF_8)));
        assertThat(python.invoke(EtlFunction.CSV_AGGREGATE,
                one.event(server.serve("/in", one.input()), server.url("/out"))))
                .isEqualTo(one.resultJson());
        assertThat(one.output().mismatch(server.take("/out").orElseThrow())).isEmpty();
        assertThat(rows).isEqualTo(10_000);
    }
}
