package sandglass.scenario;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One fully resolved thing to run.
 *
 * @param id slug of the varying axes plus the first hexadecimal digits of the digest, for example {@code figure-6.usetl.pool-9f3a1c}
 * @param digest {@code sha256:…} of the canonical content, without seed and without names of files
 * @param experiment name of the experiment it came from
 * @param role what the result may be used for
 * @param axes value of each varying axis, as written
 * @param stack what runs
 * @param start whether a sandbox is made on demand or taken from a pool
 * @param functions at least one, unless the load brings its own (a trace)
 * @param load where invocations come from
 * @param host the machine
 * @param policies the control plane's decisions
 * @param length how long and how often
 * @param tolerances by metric id: the largest |ratio - 1| at which prediction and measurement agree, declared before the run
 * @param seed root of all random streams
 * @param spec the canonical content as JSON text, for the result file
 */
public record Scenario(String id, String digest, String experiment, Role role, Map<String, String> axes, Stack stack, Start start,
        List<Function> functions, Load load, Host host, Policies policies, Length length, Map<String, Double> tolerances, long seed,
        String spec) {

    /** What a result may be used for: fitting and testing must not mix. */
    public enum Role {
        CALIBRATE,
        VALIDATE
    }

    /** Where a sandbox comes from. */
    public enum Start {
        /** Made when an invocation needs it. */
        CREATE,
        /** Ready before it is needed. */
        POOL
    }

    public Scenario {
        Objects.requireNonNull(id);
        Objects.requireNonNull(digest);
        Objects.requireNonNull(role);
        Objects.requireNonNull(stack);
        Objects.requireNonNull(start);
        Objects.requireNonNull(load);
        Objects.requireNonNull(host);
        Objects.requireNonNull(policies);
        Objects.requireNonNull(length);
        axes = Collections.unmodifiableMap(new TreeMap<>(axes));
        functions = List.copyOf(functions);
        tolerances = Map.copyOf(tolerances);
        if (functions.isEmpty() && !(load instanceof Load.Trace)) {
            throw new IllegalArgumentException("scenario " + id + " has no function");
        }
    }
}
