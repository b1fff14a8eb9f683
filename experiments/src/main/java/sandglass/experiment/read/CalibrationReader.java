package sandglass.experiment.read;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.experiment.write.CalibrationWriter;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** Reads a calibration; its digest is that of its parameters. */
public final class CalibrationReader {

    private static final int SCHEMA = 1;

    private static final Variants<Provenance> PROVENANCE = new Variants<Provenance>()
            .only("measured", n -> n.record(f -> {
                String host = f.required("host", Node::text);
                String date = f.required("date", Node::text);
                Long count = f.required("n", c -> c.whole(1, Long.MAX_VALUE));
                String clock = f.required("clock", Node::text);
                String method = f.required("method", Node::text);
                return () -> new Provenance.Measured(host, date, count, clock, method);
            }))
            .only("published", CalibrationReader::published)
            .only("derived", n -> n.record(f -> {
                List<Provenance.Published> from = f.requiredWhole("from", figures -> figures.list(CalibrationReader::published));
                String derivation = f.required("derivation", Node::text);
                return () -> new Provenance.Derived(from, derivation);
            }))
            .only("assumed", n -> {
                String reasoning = n.text();
                return reasoning == null ? null : new Provenance.Assumed(reasoning);
            });

    private CalibrationReader() {}

    /**
     * Reads a file.
     *
     * @param name how messages call the file
     * @throws BadInputException with every problem of the file
     */
    public static Calibration read(Path file, String name) {
        return read(JsonTree.parse(file, name));
    }

    /** Reads a text, for round trips. */
    public static Calibration parse(String json, String name) {
        return read(JsonTree.parse(json, name));
    }

    static Calibration read(Tree tree) {
        Reading reading = Reading.plain();
        Calibration calibration = reading.root(tree).record(f -> {
            f.required("schema", n -> n.whole(SCHEMA, SCHEMA));
            String name = f.required("name", Node::text);
            Map<String, Parameter> parameters = f.required("parameters", n -> n.map(CalibrationReader::parameter));
            Map<String, String> host = f.whole("host", n -> n.map(Node::text), Map.of());
            return () -> new Calibration(name, CalibrationWriter.digest(parameters), parameters, host);
        });
        reading.finish();
        return calibration;
    }

    private static Provenance.Published published(Node node) {
        return node.record(f -> {
            String system = f.required("system", Node::text);
            String quantity = f.required("quantity", Node::text);
            String source = f.required("source", Node::text);
            String status = f.required("status", Node::text);
            return () -> new Provenance.Published(system, quantity, source, status);
        });
    }

    private static Parameter parameter(Node node) {
        String name = node.key();
        return node.record(f -> {
            Unit unit = f.required("unit", n -> n.quantity(Unit::of, "a unit such as ns", null));
            Distribution distribution = f.required("distribution", n -> unit == null ? null : DistributionReader.read(n, unit));
            Provenance provenance = f.required("provenance", PROVENANCE::read);
            return () -> new Parameter(name, unit, distribution, provenance);
        });
    }
}
