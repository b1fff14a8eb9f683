package sandglass.experiment.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import sandglass.experiment.write.CanonicalJson;
import sandglass.result.Clock;
import sandglass.result.Guard;
import sandglass.result.LedgerEntry;
import sandglass.result.Measurement;
import sandglass.result.Metric;
import sandglass.result.Metrics;
import sandglass.result.ParameterUse;
import sandglass.result.RunProvenance;
import sandglass.result.RunResult;
import sandglass.result.Samples;
import sandglass.result.Series;
import sandglass.result.Unsupported;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Scenario;
import sandglass.unit.QuantityException;
import sandglass.unit.Unit;

/**
 * One result as one line of JSON, schema 1. Raw samples are an array in the order of observation; a sketch is the histogram's
 * compressed encoding (HdrHistogram V2, base64) beside the exact moments and the means of its batches. Numbers are in the metric's unit.
 */
final class ResultJson {

    static final int SCHEMA = 1;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ResultJson() {}

    /** The line, without a line break. */
    static String line(RunResult result) {
        ObjectNode node = MAPPER.createObjectNode().put("schema", SCHEMA);
        ObjectNode scenario = node.putObject("scenario").put("id", result.scenarioId()).put("digest", result.digest())
                .put("experiment", result.experiment()).put("stack", result.stack()).put("role", result.role().name());
        putTexts(scenario.putObject("axes"), result.axes());
        ObjectNode tolerances = scenario.putObject("tolerances");
        new TreeMap<>(result.tolerances()).forEach((metric, share) -> put(tolerances, metric, share));
        scenario.set("spec", parse(result.spec()));
        node.put("seed", result.seed()).put("replication", result.replication()).put("executor", result.executor());
        ObjectNode provenance = node.putObject("provenance").put("version", result.provenance().version())
                .put("jdk", result.provenance().jdk());
        putTexts(provenance.putObject("host"), result.provenance().host());
        provenance.put("calibration", result.provenance().calibration()).put("assumed_share", result.assumedShare());
        ArrayNode measurements = node.putArray("measurements");
        result.measurements().forEach(m -> measurements.add(measurement(m)));
        ArrayNode series = node.putArray("series");
        result.series().forEach(s -> series.add(series(s)));
        ArrayNode ledger = node.putArray("ledger");
        result.ledger().forEach(entry -> ledger.addObject().put("phase", entry.phase().name()).put("switch", entry.kind().name())
                .put("count", entry.count()).put("ns", entry.ns()));
        ArrayNode guards = node.putArray("guards");
        result.guards().forEach(guard -> {
            ObjectNode entry = guards.addObject().put("guard", guard.name());
            put(entry, "value", guard.value());
            put(entry, "limit", guard.limit());
            entry.put("ok", guard.ok());
        });
        ArrayNode unsupported = node.putArray("unsupported");
        result.unsupported().forEach(u -> unsupported.addObject().put("metric", u.metric()).put("reason", u.reason()));
        ArrayNode parameters = node.putArray("parameters");
        result.parameters().forEach(use -> put(parameters.addObject().put("parameter", use.name()).put("origin", use.origin()), "ns", use.ns()));
        putTexts(node.putObject("facts"), result.facts());
        ArrayNode warnings = node.putArray("warnings");
        result.warnings().forEach(warnings::add);
        return write(node);
    }

    private static ObjectNode measurement(Measurement measurement) {
        Metric metric = measurement.metric();
        ObjectNode node = MAPPER.createObjectNode().put("metric", metric.id()).put("unit", metric.unit().symbol())
                .put("clock", measurement.clock().name()).put("n", measurement.samples().n());
        if (!Metrics.find(metric.id()).filter(metric::equals).isPresent()) {
            node.put("better", metric.better().name()).put("label", metric.label());
        }
        if (measurement.samples() instanceof Samples.Raw raw) {
            ArrayNode values = node.putArray("raw");
            Arrays.stream(raw.values()).forEach(value -> add(values, value));
            if (raw.batchMeans().length > 0) {
                ArrayNode means = node.putArray("batch_means");
                Arrays.stream(raw.batchMeans()).forEach(mean -> add(means, mean));
            }
        } else if (measurement.samples() instanceof Samples.Sketch sketch) {
            put(node, "mean", sketch.mean());
            put(node, "sd", sketch.sd());
            put(node, "min", sketch.min());
            put(node, "max", sketch.max());
            node.put("sketch", encode(sketch.histogram()));
            ArrayNode means = node.putArray("batch_means");
            sketch.batchMeans().forEach(mean -> add(means, mean));
        }
        return node;
    }

    private static ObjectNode series(Series series) {
        ObjectNode node = MAPPER.createObjectNode().put("series", series.id()).put("unit", series.unit().symbol()).put("label", series.label());
        ArrayNode times = node.putArray("ns");
        Arrays.stream(series.timesNs()).forEach(times::add);
        ArrayNode values = node.putArray("values");
        Arrays.stream(series.values()).forEach(value -> add(values, value));
        return node;
    }

    private static void putTexts(ObjectNode node, Map<String, String> texts) {
        new TreeMap<>(texts).forEach(node::put);
    }

    private static void put(ObjectNode node, String key, double value) {
        if (Double.isFinite(value)) {
            node.put(key, value);
        } else {
            node.put(key, Double.toString(value));
        }
    }

    private static void add(ArrayNode values, double value) {
        if (Double.isFinite(value)) {
            values.add(value);
        } else {
            values.add(Double.toString(value));
        }
    }

    /**
     * The result that a line holds.
     *
     * @throws JsonFields.Mismatch if it is JSON but not a result of this schema
     * @throws JsonProcessingException if it is not JSON
     */
    static RunResult result(String line) throws JsonProcessingException {
        JsonFields root = new JsonFields(MAPPER.readTree(line), "");
        if (root.whole("schema") != SCHEMA) {
            throw new JsonFields.Mismatch("schema", "is " + root.whole("schema") + "; this version of Sandglass reads " + SCHEMA);
        }
        JsonFields scenario = root.object("scenario");
        JsonFields provenance = root.object("provenance");
        RunProvenance origin = new RunProvenance(provenance.text("version"), provenance.text("jdk"), provenance.textMap("host"),
                provenance.text("calibration"));
        provenance.number("assumed_share");
        RunResult result = new RunResult(scenario.text("id"), scenario.text("digest"), scenario.text("experiment"), scenario.text("stack"),
                scenario.choice("role", Scenario.Role.class), scenario.textMap("axes"), CanonicalJson.text(scenario.raw("spec")),
                scenario.numberMap("tolerances"), root.whole("seed"), Math.toIntExact(root.whole("replication")), root.text("executor"), origin,
                root.objects("measurements", ResultJson::measurement),
                root.objects("series", f -> new Series(f.text("series"), unit(f), f.text("label"), f.wholes("ns"), f.numbers("values"))),
                root.objects("ledger", f -> new LedgerEntry(f.choice("phase", Phase.class), f.choice("switch", ModeSwitch.class),
                        f.whole("count"), f.whole("ns"))),
                root.objects("guards", f -> new Guard(f.text("guard"), f.number("value"), f.number("limit"), f.flag("ok"))),
                root.objects("unsupported", f -> new Unsupported(f.text("metric"), f.text("reason"))),
                root.objects("parameters", f -> new ParameterUse(f.text("parameter"), f.text("origin"), f.number("ns"))),
                root.textMap("facts"), root.texts("warnings"));
        scenario.finish();
        provenance.finish();
        root.finish();
        return result;
    }

    private static Measurement measurement(JsonFields f) {
        String id = f.text("metric");
        Unit unit = unit(f);
        Clock clock = f.choice("clock", Clock.class);
        long n = f.whole("n");
        Metric metric = f.has("label") ? new Metric(id, unit, f.choice("better", Metric.Better.class), f.text("label"))
                : Metrics.find(id).filter(known -> known.unit() == unit).orElseThrow(() -> new JsonFields.Mismatch("measurements",
                        "there is no metric '" + id + "' in " + unit.symbol()));
        Samples samples = f.has("raw") ? new Samples.Raw(f.numbers("raw"), f.has("batch_means") ? f.numbers("batch_means") : new double[0])
                : new Samples.Sketch(decode(f.text("sketch")), f.number("mean"), f.number("sd"), f.number("min"), f.number("max"),
                        f.has("batch_means") ? Arrays.stream(f.numbers("batch_means")).boxed().toList() : List.of());
        if (samples.n() != n) {
            throw new JsonFields.Mismatch("measurements", "'" + id + "' says n=" + n + " but holds " + samples.n() + " samples");
        }
        return new Measurement(metric, clock, samples);
    }

    private static Unit unit(JsonFields f) {
        try {
            return Unit.of(f.text("unit"));
        } catch (QuantityException e) {
            throw new JsonFields.Mismatch("unit", e.getMessage());
        }
    }

    private static String encode(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    private static Histogram decode(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
        } catch (DataFormatException | RuntimeException e) {
            throw new JsonFields.Mismatch("sketch", "not a compressed histogram: " + e.getMessage());
        }
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a scenario's spec must be JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree in memory could not be written as JSON", e);
        }
    }
}
