package sandglass.experiment.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sandglass.scenario.Load;
import sandglass.scenario.Scenario;

/**
 * Gives a scenario its identity. The digest covers everything that can change a number: the stack's structure, functions, load,
 * host, policies, end and warm-up, tolerances and role, and a trace and modules by their content. It does not cover the experiment's name, the
 * seed, how many replications are run, titles and sources, and the names of files. Not for several threads; files are taken to stay as they are
 * while an instance lives.
 */
public final class Identity {

    private static final int SHORT_DIGEST = 6;
    private static final int PREFIX = "sha256:".length();

    /** By path. Reading a day of a trace takes a second, and each scenario of a sweep asks. */
    private final Map<String, String> contents = new HashMap<>();

    /**
     * The same scenario with id, digest, axes and spec.
     *
     * @param axes value of each axis
     * @param slug the varying axes' values as part of a file name, empty or beginning with a dot
     */
    public Scenario identify(Scenario bare, Map<String, String> axes, String slug) {
        ObjectNode spec = ScenarioWriter.write(bare);
        String text = CanonicalJson.text(spec);
        String digest = CanonicalJson.digest(content(spec, bare.load()));
        String id = bare.experiment() + slug + "-" + digest.substring(PREFIX, PREFIX + SHORT_DIGEST);
        return new Scenario(id, digest, bare.experiment(), bare.role(), axes, bare.stack(), bare.start(), bare.functions(), bare.load(),
                bare.host(), bare.policies(), bare.length(), bare.tolerances(), bare.seed(), text);
    }

    private String modules(Path directory, JsonNode names) {
        StringBuilder digests = new StringBuilder();
        for (JsonNode name : names) {
            Path folder = directory.resolve(name.asText());
            Path module = Files.isDirectory(folder) ? folder : directory.resolve(name.asText() + ".py");
            digests.append(contents.computeIfAbsent(module.toString(), path -> TraceDigest.of(module)));
        }
        return digests.toString();
    }

    private ObjectNode content(ObjectNode spec, Load load) {
        ObjectNode content = spec.deepCopy();
        content.remove(List.of("experiment", "question", "seed"));
        ((ObjectNode) content.get("stack")).remove("title");
        ((ObjectNode) content.get("length")).remove(List.of("replications", "until"));
        if (load instanceof Load.Trace trace) {
            ((ObjectNode) content.get("load").get("trace")).put("path",
                    contents.computeIfAbsent(trace.path(), path -> TraceDigest.of(Path.of(path))));
        }
        content.get("functions").forEach(function -> {
            if (function.get("module-store") instanceof ObjectNode store) {
                store.put("directory", modules(Path.of(store.get("directory").asText()), store.get("modules")));
            }
        });
        return content;
    }
}
