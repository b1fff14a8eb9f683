package sandglass.kvm.probe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.stack.DescribedWork;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.Imports;
import sandglass.platform.Invocation;
import sandglass.scenario.Function;
import sandglass.scenario.Op;
import sandglass.unit.Distribution;

/** What runs for each function of a scenario: its own program, or one that acts out its work. */
final class Programs {

    /** What a buffered reader of Python asks for at once (io.DEFAULT_BUFFER_SIZE). */
    private static final int READ_BYTES = 8192;
    /** Of an event that describes work, with the request's head. */
    private static final int MOST_EVENT_BYTES = 1024;

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
        String work = DescribedWork.source();
        this.sources = functions.stream()
                .map(function -> function.program().map(Function.Program::source).orElseGet(() -> padded(work, function.codeBytes())))
                .toList();
    }

    private static String padded(String source, long codeBytes) {
        return codeBytes <= source.length() + 1 ? source : source + "#" + "x".repeat((int) (codeBytes - source.length() - 1));
    }

    /** Whether somebody computes, so that the length of a loop's turn must be known. */
    static boolean compute(List<Function> functions) {
        return functions.stream().filter(function -> function.program().isEmpty())
                .anyMatch(function -> function.work().ops().stream().anyMatch(op -> op instanceof Op.Compute));
    }

    /** Whether nothing but the work as it is described decides how often a process writes. */
    boolean writesFollowFromWork() {
        return functions.stream().allMatch(function -> function.program().isEmpty());
    }

    /**
     * The same of reads: requests fit into one read of the runner, and nobody transfers anything, for which Python and the C library read
     * files of their own, some of them only once.
     */
    boolean readsFollowFromWork() {
        return writesFollowFromWork() && sources.stream().allMatch(source -> source.length() + MOST_EVENT_BYTES <= READ_BYTES)
                && functions.stream().flatMap(function -> function.work().ops().stream())
                        .noneMatch(op -> op instanceof Op.Get || op instanceof Op.Post);
    }

    String source(int function) {
        return sources.get(function);
    }

    Imports imports(int function) {
        return functions.get(function).program().filter(program -> !program.imports().isEmpty())
                .map(program -> new Imports(Path.of(program.moduleStore()), program.imports())).orElse(Imports.NONE);
    }

    /** The event of an invocation; its random times are drawn from it. */
    String event(Invocation invocation) {
        Function function = functions.get(invocation.function);
        if (function.program().isPresent()) {
            return function.program().get().event().replace(DocumentServer.PLACEHOLDER, serverUrl);
        }
        List<String> ops = new ArrayList<>();
        int draws = 0;
        boolean recorded = invocation.serviceNs >= 0;
        boolean placed = false;
        for (Op op : function.work().ops()) {
            boolean timed = op instanceof Op.Compute || op instanceof Op.Wait;
            if (!timed) {
                ops.add(fixed(op));
            } else if (!recorded) {
                ops.add(timed(op, drawn(op, invocation, draws++)));
            } else if (!placed) {
                // The trace's own duration of this invocation stands for all that the work says of time.
                ops.add(timed(op, invocation.serviceNs));
                placed = true;
            }
        }
        if (recorded && !placed) {
            ops.add(DescribedWork.op("wait", invocation.serviceNs));
        }
        return DescribedWork.event(serverUrl, ops);
    }

    private String timed(Op op, long ns) {
        return op instanceof Op.Wait ? DescribedWork.op("wait", ns) : DescribedWork.op("compute", Math.round(ns / turnNs));
    }

    private static long drawn(Op op, Invocation invocation, int index) {
        Distribution ns = op instanceof Op.Compute compute ? compute.ns() : ((Op.Wait) op).ns();
        return Math.round(ns.quantile(invocation.draw(index)));
    }

    private static String fixed(Op op) {
        if (op instanceof Op.Touch touch) {
            return DescribedWork.op("touch", touch.pages());
        }
        if (op instanceof Op.Get get) {
            return DescribedWork.op("get", get.bytes());
        }
        if (op instanceof Op.Post post) {
            return DescribedWork.op("post", post.bytes());
        }
        return DescribedWork.op("switch", ((Op.Switch) op).times());
    }
}
