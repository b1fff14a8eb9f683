package sandglass.experiment.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;

/** A calibration as the JSON that {@code CalibrationReader} reads. */
public final class CalibrationWriter {

    private static final int SCHEMA = 1;

    private CalibrationWriter() {}

    /** The text of a calibration file. */
    public static String text(Calibration calibration) {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("schema", SCHEMA).put("name", calibration.name());
        if (!calibration.host().isEmpty()) {
            ObjectNode host = root.putObject("host");
            calibration.host().forEach(host::put);
        }
        root.set("parameters", parameters(calibration.parameters()));
        return CanonicalJson.pretty(root);
    }

    /** {@code sha256:…} over the parameters alone, so that a renamed file is the same calibration. */
    public static String digest(Map<String, Parameter> parameters) {
        return CanonicalJson.digest(parameters(parameters));
    }

    private static ObjectNode parameters(Map<String, Parameter> parameters) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(parameters).forEach((name, parameter) -> {
            ObjectNode entry = node.putObject(name).put("unit", parameter.unit().symbol());
            entry.set("distribution", DistributionWriter.write(parameter.distribution(), parameter.unit()));
            entry.set("provenance", provenance(parameter.provenance()));
        });
        return node;
    }

    private static JsonNode provenance(Provenance provenance) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (provenance instanceof Provenance.Measured m) {
            node.putObject("measured").put("host", m.host()).put("date", m.date()).put("n", m.n()).put("clock", m.clock())
                    .put("method", m.method());
        } else if (provenance instanceof Provenance.Published p) {
            node.set("published", published(p));
        } else if (provenance instanceof Provenance.Derived d) {
            ObjectNode derived = node.putObject("derived").put("derivation", d.derivation());
            ArrayNode from = derived.putArray("from");
            d.from().forEach(figure -> from.add(published(figure)));
        } else if (provenance instanceof Provenance.Assumed a) {
            node.put("assumed", a.reasoning());
        }
        return node;
    }

    private static ObjectNode published(Provenance.Published p) {
        return JsonNodeFactory.instance.objectNode().put("system", p.system()).put("quantity", p.quantity()).put("source", p.source())
                .put("status", p.status());
    }
}
