package sandglass.scenario;

import java.util.List;

/** What one invocation does: its ops, in order. */
public record Work(List<Op> ops) {
    public Work {
        ops = List.copyOf(ops);
    }
}
