package sandglass.experiment.write;

import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.function.DoubleFunction;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** A distribution as a mapping with one key, its family. */
final class DistributionWriter {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private DistributionWriter() {}

    static JsonNode write(Distribution distribution, Unit unit) {
        DoubleFunction<JsonNode> value = value(unit);
        ObjectNode node = JSON.objectNode();
        if (distribution instanceof Distribution.Constant d) {
            node.set("constant", value.apply(d.value()));
        } else if (distribution instanceof Distribution.Exponential d) {
            node.putObject("exponential").set("mean", value.apply(d.mean()));
        } else if (distribution instanceof Distribution.LogNormal d) {
            node.putObject("lognormal").put("mu", d.mu()).put("sigma", d.sigma());
        } else if (distribution instanceof Distribution.Weibull d) {
            node.putObject("weibull").put("shape", d.shape()).set("scale", value.apply(d.scale()));
        } else if (distribution instanceof Distribution.Gamma d) {
            node.putObject("gamma").put("shape", d.shape()).set("scale", value.apply(d.scale()));
        } else if (distribution instanceof Distribution.Normal d) {
            two(node, "normal", "mean", value.apply(d.mean()), "sd", value.apply(d.sd()));
        } else if (distribution instanceof Distribution.ShiftedExponential d) {
            two(node, "shifted-exponential", "low", value.apply(d.low()), "excess", value.apply(d.excess()));
        } else if (distribution instanceof Distribution.Uniform d) {
            two(node, "uniform", "low", value.apply(d.low()), "high", value.apply(d.high()));
        } else if (distribution instanceof Distribution.Quantiles d) {
            ObjectNode inner = node.putObject("quantiles");
            ArrayNode shares = inner.putArray("shares");
            ArrayNode values = inner.putArray("values");
            for (int i = 0; i < d.shares().length; i++) {
                shares.add(d.shares()[i]);
                values.add(value.apply(d.values()[i]));
            }
        }
        return node;
    }

    private static void two(ObjectNode node, String family, String first, JsonNode one, String second, JsonNode other) {
        ObjectNode inner = node.putObject(family);
        inner.set(first, one);
        inner.set(second, other);
    }

    private static DoubleFunction<JsonNode> value(Unit unit) {
        return switch (unit) {
            case NANOSECONDS -> ns -> JSON.textNode(plain(ns) + "ns");
            case BYTES -> bytes -> JSON.textNode(plain(bytes) + "B");
            default -> JSON::numberNode;
        };
    }

    /** The shortest decimal number that reads back to the value on any Java version, without an exponent. */
    private static String plain(double value) {
        BigDecimal shortest = new BigDecimal(NumberOutput.toString(value, true));
        return shortest.signum() == 0 ? "0" : shortest.stripTrailingZeros().toPlainString();
    }
}
