package sandglass.scenario;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import sandglass.unit.Distribution;

/**
 * Code that a user brings.
 *
 * @param name unique within a scenario
 * @param app the application it belongs to; functions of one app may share sandboxes
 * @param runtime the language runtime it needs; sandboxes of one runtime may be interchangeable
 * @param work what one invocation does
 * @param coldService the service time (ns) of an invocation that met a cold start, where it replaces the work's own
 * @param memoryBytes memory that the platform gives it beyond the stack's own: a limit, of which its work takes what it needs
 * @param residentBytes private memory that it occupies beyond the stack's image and beyond what its work writes, from its assignment on: a
 *     size that was measured elsewhere, as a trace's is
 * @param codeBytes size of its code
 * @param modules modules that it imports beyond the runtime's own
 * @param program what runs when it runs for real; if there is none, the work is acted out
 */
public record Function(String name, String app, String runtime, Work work, Optional<Distribution> coldService, long memoryBytes,
        long residentBytes, long codeBytes, int modules, Optional<Program> program) {

    /**
     * Code that can run for real.
     *
     * @param source Python with {@code def handler(event, etl)}
     * @param event the handler's first argument as JSON
     * @param moduleStore directory of the packages that it imports beyond the runtime's own; empty if it imports none
     * @param imports their names
     */
    public record Program(String source, String event, String moduleStore, List<String> imports) {

        /** Code that imports nothing but the runtime's own modules. */
        public Program(String source, String event) {
            this(source, event, "", List.of());
        }

        public Program {
            Objects.requireNonNull(source);
            Objects.requireNonNull(event);
            Objects.requireNonNull(moduleStore);
            imports = List.copyOf(imports);
        }
    }

    /** A function that is only described, and occupies all the memory that it is given. */
    public Function(String name, String app, String runtime, Work work, Optional<Distribution> coldService, long memoryBytes,
            long codeBytes, int modules) {
        this(name, app, runtime, work, coldService, memoryBytes, memoryBytes, codeBytes, modules, Optional.empty());
    }

    public Function {
        Objects.requireNonNull(name);
        Objects.requireNonNull(app);
        Objects.requireNonNull(runtime);
        Objects.requireNonNull(work);
        Objects.requireNonNull(coldService);
        Objects.requireNonNull(program);
        if (memoryBytes < 0 || residentBytes < 0 || codeBytes < 0 || modules < 0) {
            throw new IllegalArgumentException("function " + name + ": sizes must not be negative");
        }
    }
}
