package sandglass.workload.trace;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A function of a trace.
 *
 * @param owner, app, function its identifiers, as recorded; empty where the format has none
 * @param trigger what invokes it, or empty
 * @param duration how long it runs, where recorded
 * @param memoryBytes what one instance of it needs, where recorded
 */
public record TracedFunction(String owner, String app, String function, String trigger,
        Optional<TracedDuration> duration,
        OptionalLong memoryBytes) {

    public TracedFunction {
        Objects.requireNonNull(owner);
        Objects.requireNonNull(app);
        Objects.requireNonNull(function);
        Objects.requireNonNull(trigger);
        Objects.requireNonNull(duration);
        Objects.requireNonNull(memoryBytes);
    }
}
