package sandglass.experiment.write;

import static sandglass.experiment.write.StackWriter.kebab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.Op;
import sandglass.scenario.Policies;
import sandglass.scenario.Policies.KeepAlive;
import sandglass.scenario.Scenario;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** A scenario in the words of an experiment file with no axes and nothing left to look up. Defaults are written out. */
final class ScenarioWriter {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ScenarioWriter() {}

    static ObjectNode write(Scenario scenario) {
        ObjectNode node = JSON.objectNode().put("experiment", scenario.experiment())
                .put("question", "One scenario of " + scenario.experiment() + ".").put("role", kebab(scenario.role()))
                .put("start", kebab(scenario.start())).put("seed", scenario.seed());
        node.set("stack", StackWriter.withoutSources(StackWriter.write(scenario.stack())));
        ArrayNode functions = node.putArray("functions");
        scenario.functions().forEach(function -> functions.add(function(function)));
        node.set("load", load(scenario.load()));
        node.set("host", host(scenario.host()));
        node.set("policy", policies(scenario.policies()));
        node.set("length", length(scenario.length()));
        ObjectNode tolerance = node.putObject("tolerance");
        new TreeMap<>(scenario.tolerances()).forEach(tolerance::put);
        return node;
    }

    private static ObjectNode function(Function function) {
        ObjectNode node = JSON.objectNode().put("name", function.name()).put("app", function.app()).put("runtime", function.runtime())
                .put("memory", function.memoryBytes() + "B").put("code", function.codeBytes() + "B").put("modules", function.modules());
        if (function.residentBytes() > 0) {
            node.put("resident", function.residentBytes() + "B");
        }
        function.program().ifPresent(program -> {
            node.put("source", program.source()).put("event", program.event());
            if (!program.imports().isEmpty()) {
                ObjectNode store = node.putObject("module-store").put("directory", program.moduleStore());
                program.imports().forEach(store.putArray("modules")::add);
            }
        });
        function.coldService().ifPresent(service -> node.set("cold-service", durations(service)));
        ArrayNode work = node.putArray("work");
        function.work().ops().forEach(op -> work.add(op(op)));
        return node;
    }

    private static ObjectNode op(Op op) {
        ObjectNode node = JSON.objectNode();
        if (op instanceof Op.Compute compute) {
            node.set("compute", durations(compute.ns()));
        } else if (op instanceof Op.Wait wait) {
            node.set("wait", durations(wait.ns()));
        } else if (op instanceof Op.Touch touch) {
            node.put("touch", touch.pages());
        } else if (op instanceof Op.Get get) {
            node.putObject("get").put("bytes", get.bytes() + "B").put("path", get.path());
        } else if (op instanceof Op.Post post) {
            node.putObject("post").put("bytes", post.bytes() + "B").put("path", post.path());
        } else if (op instanceof Op.Switch crossing) {
            node.putObject("switch").put("kind", kebab(crossing.kind())).put("times", crossing.times());
        }
        return node;
    }

    private static ObjectNode durations(Distribution ns) {
        return (ObjectNode) DistributionWriter.write(ns, Unit.NANOSECONDS);
    }

    private static ObjectNode load(Load load) {
        ObjectNode node = JSON.objectNode();
        if (load instanceof Load.Closed closed) {
            node.putObject("closed").put("clients", closed.clients()).set("think", durations(closed.thinkNs()));
        } else if (load instanceof Load.Open open) {
            node.putObject("open").put("zipf", open.zipfExponent()).set("gap", durations(open.gapNs()));
        } else if (load instanceof Load.Burst burst) {
            node.putObject("burst").put("size", burst.size()).put("rounds", burst.rounds()).put("gap", burst.gapNs() + "ns");
        } else if (load instanceof Load.Population population) {
            node.putObject("population").put("sandboxes", population.sandboxes()).put("invocations", population.invocationsEach());
        } else if (load instanceof Load.Trace trace) {
            ObjectNode inner = node.putObject("trace").put("format", trace.format()).put("path", trace.path())
                    .put("arrivals", kebab(trace.arrivals())).put("durations", kebab(trace.durations()))
                    .put("missing-duration", kebab(trace.missingDuration())).put("missing-memory", kebab(trace.missingMemory()))
                    .put("service", kebab(trace.service())).put("from-minute", trace.fromMinute()).put("day", trace.day())
                    .put("speed", trace.speed());
            putLimit(inner, "minutes", trace.minutes(), "all");
        }
        return node;
    }

    private static ObjectNode host(Host host) {
        ObjectNode node = JSON.objectNode();
        putLimit(node, "cores", host.cores(), "unlimited");
        if (host.neighbours() > 0) {
            node.putObject("neighbours").put("cpu", host.neighbours());
        }
        return node.put("memory", host.memoryBytes() == Long.MAX_VALUE ? "unlimited" : host.memoryBytes() + "B");
    }

    private static void putLimit(ObjectNode node, String key, int value, String unlimited) {
        if (value == Integer.MAX_VALUE) {
            node.put(key, unlimited);
        } else {
            node.put(key, value);
        }
    }

    private static ObjectNode policies(Policies policies) {
        ObjectNode node = JSON.objectNode().put("reuse", kebab(policies.reuse())).put("cold-service", kebab(policies.coldService()))
                .put("scope", kebab(policies.scope())).put("at-limit", kebab(policies.atLimit())).put("expiry", kebab(policies.expiry()))
                .put("at-horizon", kebab(policies.atHorizon()));
        putKeepAlive(node, policies.keepAlive());
        putLimit(node, "limit", policies.limit(), "none");
        node.putObject("prewarm").put("pool", policies.prewarm());
        if (policies.sharing() instanceof Policies.Sharing.Ksm ksm) {
            node.putObject("sharing").putObject("ksm").put("pages-to-scan", ksm.pagesToScan()).put("sleep", ksm.sleepNs() + "ns");
        } else {
            node.put("sharing", policies.sharing() instanceof Policies.Sharing.None ? "none" : "by-construction");
        }
        if (policies.notification() instanceof Policies.Notification.Polling polling) {
            node.putObject("notification").putObject("polling").put("interval", polling.intervalNs() + "ns");
        } else {
            node.put("notification", "interrupt");
        }
        return node;
    }

    private static void putKeepAlive(ObjectNode node, KeepAlive keepAlive) {
        if (keepAlive instanceof KeepAlive.Ttl ttl) {
            node.putObject("keep-alive").put("ttl", ttl.ttlNs() + "ns").put("renew", ttl.renew());
        } else if (keepAlive instanceof KeepAlive.Histogram histogram) {
            node.putObject("keep-alive").putObject("histogram").put("range", histogram.rangeNs() + "ns").put("head", histogram.head())
                    .put("tail", histogram.tail());
        } else {
            node.put("keep-alive", keepAlive instanceof KeepAlive.None ? "none"
                    : keepAlive instanceof KeepAlive.Forever ? "forever" : "greedy-dual");
        }
    }

    private static ObjectNode length(Length length) {
        ObjectNode node = JSON.objectNode().put("warmup", length.warmupNs() + "ns");
        if (length.end() instanceof Length.End.Invocations end) {
            node.put("invocations", end.count());
        } else if (length.end() instanceof Length.End.Duration end) {
            node.put("duration", end.ns() + "ns");
        } else {
            node.put("load", "exhausted");
        }
        if (length.repeat() instanceof Length.Repeat.Replications repeat) {
            node.put("replications", repeat.count());
        } else if (length.repeat() instanceof Length.Repeat.UntilHalfWidth until) {
            node.putObject("until").put("metric", until.metric()).put("relative-half-width", until.relativeHalfWidth())
                    .put("confidence", until.confidence()).put("least", until.least()).put("most", until.most());
        }
        return node;
    }
}
