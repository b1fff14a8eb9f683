package sandglass.workload.function;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TpchDataTest {

    private static final int SCALE_1 = 6_000_000;

    /** Oracle: published figures; the answer sets of the TPC-H specification for queries 1 and 6 at scale 1. */
    @Test
    void queriesHaveThePublishedAnswers() {
        TpchData.PricingSummary summary = new TpchData.PricingSummary();
        TpchData.RevenueChange change = new TpchData.RevenueChange();
        TpchData.rows(0, SCALE_1, row -> {
            summary.add(row);
            change.add(row);
        });
        assertThat(summary.answer()).isEqualTo("""
                A|F|37734107|56586554400.73|53758257134.8700|55909065222.827692|25.52|38273.13|0.05|1478493
                N|F|991417|1487504710.38|1413082168.0541|1469649223.194375|25.52|38284.47|0.05|38854
                N|O|74476040|111701729697.74|106118230307.6056|110367043872.497010|25.50|38249.12|0.05|2920374
                R|F|37719753|56568041380.90|53741292684.6040|55889619119.831932|25.51|38250.85|0.05|1478870
                """);
        assertThat(change.answer()).isEqualTo("123141078.2283\n");
    }
}
