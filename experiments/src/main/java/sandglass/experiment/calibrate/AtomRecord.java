package sandglass.experiment.calibrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sandglass.kvm.atom.Reading;
import sandglass.kvm.atom.Sample;
import sandglass.result.Guard;

/**
 * One atom, measured.
 *
 * @param date     when, ISO 8601, UTC
 * @param seconds  how long it took
 * @param load     the host's load average over the last minute when it ended; negative if unknown
 * @param passes   in how many passes
 */
record AtomRecord(String atom, String date, double seconds, double load, int passes, List<Reading> readings) {

    AtomRecord {
        readings = List.copyOf(readings);
    }

    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("atom", atom).put("date", date).put("seconds", seconds).put("load", load)
                .put("passes", passes);
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
                node.required("load").asDouble(), node.path("passes").asInt(1), readings);
    }

    /** This and a later pass together. */
    AtomRecord and(AtomRecord later) {
        Map<String, Reading> more = new HashMap<>();
        later.readings.forEach(reading -> more.put(reading.parameter(), reading));
        List<Reading> both = readings.stream().map(reading -> both(reading, passes, more.getOrDefault(reading.parameter(), reading), later.passes))
                .toList();
        return new AtomRecord(atom, later.date, seconds + later.seconds, later.load, passes + later.passes, both);
    }

    /** What one pass could not measure, another may have; a median or a difference of medians is the mean of those of all passes. */
    private static Reading both(Reading one, int passes, Reading other, int morePasses) {
        if (!(one instanceof Reading.Measured first)) {
            return other;
        }
        if (!(other instanceof Reading.Measured second)) {
            return one;
        }
        Sample all = new Sample(first.parameter());
        if (first.values().length == 1 && second.values().length == 1) {
            all.add((first.values()[0] * passes + second.values()[0] * morePasses) / (passes + morePasses));
        } else {
            Arrays.stream(first.values()).forEach(all::add);
            Arrays.stream(second.values()).forEach(all::add);
        }
        double[] values = ((Reading.Measured) all.reading()).values();
        return new Reading.Measured(first.parameter(), values, first.n() + second.n(), second.guards());
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
