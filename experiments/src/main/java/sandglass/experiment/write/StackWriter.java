package sandglass.experiment.write;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import sandglass.scenario.Batching;
import sandglass.scenario.Hop;
import sandglass.scenario.IoPath;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Region;
import sandglass.scenario.Stack;
import sandglass.scenario.Step;

/** A stack in the words of a stack file. Defaults are written out; empty texts are left out. */
public final class StackWriter {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private StackWriter() {}

    /** The stack as a tree that {@code StackReader} reads back to an equal one. */
    public static ObjectNode write(Stack stack) {
        ObjectNode node = JSON.objectNode().put("stack", stack.name()).put("title", stack.title()).put("boundary", kebab(stack.boundary()))
                .put("interchangeable", kebab(stack.interchangeable())).put("recycle", kebab(stack.recycle()))
                .put("guest-scheduler", kebab(stack.guestScheduler())).put("warmed", stack.warmed())
                .put("per-process", stack.perProcess());
        putText(node, "compute-overhead", stack.computeOverhead());
        ObjectNode costs = node.putObject("switch-costs");
        new TreeMap<>(stack.switchCosts()).forEach((kind, cost) -> costs.put(kebab(kind), cost));
        ObjectNode lifecycle = node.putObject("lifecycle");
        for (Phase phase : Phase.values()) {
            ArrayNode steps = lifecycle.putArray(kebab(phase));
            stack.steps(phase).forEach(step -> steps.add(step(step)));
        }
        ObjectNode paths = node.putObject("paths");
        stack.paths().forEach((name, path) -> paths.set(name, path(path)));
        putText(node, "dirtied", stack.memory().dirtied());
        putText(node, "first-touched", stack.memory().firstTouched());
        putText(node, "copied-back", stack.memory().copiedBack());
        putText(node, "fetched-kept", stack.memory().fetchedKept());
        putText(node, "sent-kept", stack.memory().sentKept());
        ArrayNode memory = node.putArray("memory");
        stack.memory().regions().forEach(region -> memory.add(region(region)));
        ArrayNode disk = node.putArray("disk");
        stack.disk().parts().forEach(part -> disk.addObject().put("part", part.name()).put("size", part.size())
                .put("shared", part.sharedByRuntime()));
        return node;
    }

    private static ObjectNode step(Step step) {
        ObjectNode node = JSON.objectNode().put("step", step.name()).put("times", step.times()).put("per", kebab(step.per()))
                .put("server", kebab(step.server())).put("wake-ups", step.wakeUps());
        putText(node, "cost", step.cost());
        putSwitches(node, step.switches());
        putText(node, "source", step.source());
        return node;
    }

    private static ObjectNode path(IoPath path) {
        ObjectNode node = JSON.objectNode().put("mtu", path.mtuBytes() + "B").put("block", path.blockBytes() + "B")
                .put("overlap", kebab(path.overlap()));
        if (path.batching() instanceof Batching.ByCount batch) {
            node.putObject("batching").put("count", batch.packets());
        } else if (path.batching() instanceof Batching.ByTime batch) {
            node.putObject("batching").put("time", batch.windowNs() + "ns");
        }
        ArrayNode hops = node.putArray("hops");
        path.hops().forEach(hop -> hops.add(hop(hop)));
        return node;
    }

    private static ObjectNode hop(Hop hop) {
        ObjectNode node = JSON.objectNode().put("hop", hop.name()).put("per", kebab(hop.per())).put("copies", hop.copies())
                .put("server", kebab(hop.server())).put("notification", hop.notification());
        if (hop.aboveBytes() > 0) {
            node.put("above", hop.aboveBytes() + "B");
        }
        putText(node, "cost", hop.cost());
        putText(node, "copy-cost", hop.copyCost());
        putSwitches(node, hop.switches());
        putText(node, "source", hop.source());
        return node;
    }

    private static ObjectNode region(Region region) {
        ObjectNode node = JSON.objectNode().put("region", region.name()).put("size", region.size()).put("backing", kebab(region.backing()))
                .put("sharing", kebab(region.sharing())).put("volatile", region.volatileShare()).put("kernel", region.kernel())
                .put("others", region.others());
        if (region.metBy() != Region.MetBy.ALL) {
            node.put("met-by", kebab(region.metBy()));
        }
        if (region.alike()) {
            node.put("alike", true);
        }
        putText(node, "group", region.group());
        putText(node, "source", region.source());
        return node;
    }

    private static void putSwitches(ObjectNode node, Map<ModeSwitch, Integer> switches) {
        if (!switches.isEmpty()) {
            ObjectNode counts = node.putObject("switches");
            new TreeMap<>(switches).forEach((kind, count) -> counts.put(kebab(kind), count));
        }
    }

    private static void putText(ObjectNode node, String key, String text) {
        if (!text.isEmpty()) {
            node.put(key, text);
        }
    }

    static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Takes out the sources of everything: they are written for people and change no number. */
    static ObjectNode withoutSources(ObjectNode stack) {
        for (String list : List.of("memory", "disk")) {
            stack.get(list).forEach(item -> ((ObjectNode) item).remove("source"));
        }
        stack.get("lifecycle").forEach(phase -> phase.forEach(step -> ((ObjectNode) step).remove("source")));
        stack.get("paths").forEach(path -> path.get("hops").forEach(hop -> ((ObjectNode) hop).remove("source")));
        return stack;
    }
}
