package sandglass.kvm.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sandglass.kvm.stack.DocumentServer;
import sandglass.platform.Invocation;
import sandglass.scenario.Function;
import sandglass.scenario.Op;
import sandglass.unit.Distribution;

/** What runs for each function of a scenario: its own program, or one that acts out its work. */
final class Programs {

    private static final String WORK = "work.py";

    private final List<Function> functions;
    private final List<String> sources;
    private final String serverUrl;
    private final double turnNs;

    /**
     * @param serverUrl where GET and POST of the work go
     * @param turnNs    how long one turn of an empty loop takes the host's Python; unused without Compute
     */
    Programs(List<Function> functions, String serverUrl, double turnNs) {
        this.functions = functions;
        this.serverUrl = serverUrl;
        this.turnNs = turnNs;
        String work = work();
        this.sources = functions.stream()
                .map(function -> function.program().map(Function.Program::source).orElseGet(() -> padded(work, function.codeBytes())))
                .toList();
    }

    private static String work() {
        try (InputStream stream = Programs.class.getResourceAsStream(WORK)) {
            if (stream == null) {
                throw new IllegalStateException("this program was built without its resource " + WORK);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + WORK, e);
        }
    }

    private static String padded(String source, long codeBytes) {
        return codeBytes <= source.length() + 1 ? source : source + "#" + "x".repeat((int) (codeBytes - source.length() - 1));
    }

    /** Whether somebody computes, so that the length of a loop's turn must be known. */
    static boolean compute(List<Function> functions) {
        return functions.stream().filter(function -> function.program().isEmpty())
                .anyMatch(function -> function.work().ops().stream().anyMatch(op -> op instanceof Op.Compute));
    }

    String source(int function) {
        return sources.get(function);
    }

    /** The event of an invocation; its random times are drawn from it. */
    String event(Invocation invocation) {
        Function function = functions.get(invocation.function);
        if (function.program().isPresent()) {
            return function.program().get().event().replace(DocumentServer.PLACEHOLDER, serverUrl);
        }
        List<String> ops = new ArrayList<>();
        int draws = 0;
        if (invocation.serviceNs >= 0) {
            ops.add(op("wait", invocation.serviceNs));
        }
        for (Op op : function.work().ops()) {
            if (op instanceof Op.Compute compute) {
                ops.add(op("compute", Math.round(drawn(compute.ns(), invocation, draws++) / turnNs)));
            } else if (op instanceof Op.Wait wait) {
                ops.add(op("wait", drawn(wait.ns(), invocation, draws++)));
            } else {
                ops.add(fixed(op));
            }
        }
        return "{\"server\": \"" + serverUrl + "\", \"ops\": [" + String.join(", ", ops) + "]}";
    }

    private static long drawn(Distribution ns, Invocation invocation, int index) {
        return Math.round(ns.quantile(invocation.draw(index)));
    }

    private static String fixed(Op op) {
        if (op instanceof Op.Touch touch) {
            return op("touch", touch.pages());
        }
        if (op instanceof Op.Get get) {
            return op("get", get.bytes());
        }
        if (op instanceof Op.Post post) {
            return op("post", post.bytes());
        }
        return op("switch", ((Op.Switch) op).times());
    }

    private static String op(String name, long amount) {
        return String.format(Locale.ROOT, "[\"%s\", %d]", name, amount);
    }
}
