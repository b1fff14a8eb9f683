package sandglass.experiment.calibrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.atom.Reading;
import sandglass.result.Guard;

/**
 * One atom, measured.
 *
 * @param date     when, ISO 8601, UTC
 * @param seconds  how long it took
 * @param load     the host's load average over the last minute when it ended; negative if unknown
 */
record AtomRecord(String atom, String date, double seconds, double load, List<Reading> readings) {

    AtomRecord {
        readings = List.copyOf(readings);
    }

    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("atom", atom).put("date", date).put("seconds", seconds).put("load", load);
        ArrayNode list = node.putArray("readings");
        for (Reading reading : readings) {
            ObjectNode one = list.addObject().put("parameter", reading.parameter());
            if (reading instanceof Reading.Measured measured) {
                one.put("n", measured.n());
                ArrayNode values = one.putArray("values");
                for (double value : measured.values()) {
                    values.add(value);
                }
                ArrayNode guards = one.putArray("guards");
                measured.guards().forEach(guard -> guards.addObject().put("guard", guard.name()).put("value", guard.value())
                        .put("limit", guard.limit()));
            } else if (reading instanceof Reading.Unsupported unsupported) {
                one.put("unsupported", unsupported.reason()).put("remedy", unsupported.remedy());
            }
        }
        return node;
    }

    /** @throws IllegalArgumentException if it is not what {@link #json} makes */
    static AtomRecord of(JsonNode node) {
        List<Reading> readings = new ArrayList<>();
        for (JsonNode one : node.required("readings")) {
            String parameter = one.required("parameter").asText();
            readings.add(one.has("unsupported")
                    ? new Reading.Unsupported(parameter, one.get("unsupported").asText(), one.required("remedy").asText())
                    : measured(parameter, one));
        }
        return new AtomRecord(node.required("atom").asText(), node.required("date").asText(), node.required("seconds").asDouble(),
                node.required("load").asDouble(), readings);
    }

    private static Reading measured(String parameter, JsonNode one) {
        JsonNode list = one.required("values");
        double[] values = new double[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).asDouble();
        }
        List<Guard> guards = new ArrayList<>();
        one.required("guards").forEach(guard -> guards.add(new Guard(guard.required("guard").asText(), guard.required("value").asDouble(),
                guard.required("limit").asDouble(), true)));
        return new Reading.Measured(parameter, values, one.required("n").asLong(), guards);
    }
}
