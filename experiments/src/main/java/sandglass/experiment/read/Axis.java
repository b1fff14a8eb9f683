package sandglass.experiment.read;

import java.util.List;

/**
 * A list where a single value is expected.
 *
 * @param candidates the list itself, which is the axis's identity
 * @param path dotted path, without the indexes of candidates around it
 * @param labels each candidate as written; a candidate with a name is called by it
 * @param nested the axes inside each candidate
 */
record Axis(Tree.Sequence candidates, String path, List<String> labels, List<List<Axis>> nested) {

    /** How results call a candidate. */
    static String label(Tree candidate) {
        if (candidate instanceof Tree.Mapping mapping) {
            if (mapping.entries().get("name") instanceof Tree.Scalar name) {
                return name.text();
            }
            String flow = mapping.flow();
            return mapping.entries().size() == 1 ? flow.substring(1, flow.length() - 1) : flow;
        }
        return candidate.flow();
    }
}
