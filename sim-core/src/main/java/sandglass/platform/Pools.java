package sandglass.platform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sandglass.scenario.Function;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;

/** Which pools a function draws from; the rules stand in the package's documentation. */
final class Pools {

    private final List<Pool> all = new ArrayList<>();
    private final Pool[] own;
    private final Pool[] base;

    Pools(Scenario scenario, List<Function> functions) {
        own = new Pool[functions.size()];
        base = new Pool[functions.size()];
        boolean perRuntime = scenario.stack().interchangeable() == Stack.Interchangeable.PER_RUNTIME;
        boolean perApp = scenario.policies().scope() == Policies.Scope.APP;
        long rangeNs = scenario.policies().keepAlive() instanceof Policies.KeepAlive.Histogram histogram
            ? histogram.rangeNs() : 0;
        boolean staysWithOwner = perRuntime && scenario.stack().recycle() == Stack.Recycle.KEEP;
        Map<String, Pool> owners = new HashMap<>();
        Map<String, Pool> bases = new HashMap<>();
        for (int i = 0; i < own.length; i++) {
            Function function = functions.get(i);
            String owner = perApp ? function.app() + '\n' + function.runtime() : function.name();
            base[i] = bases.computeIfAbsent(perRuntime ? function.runtime() : owner, key -> add(function, true,
                rangeNs));
            own[i] = staysWithOwner ? owners.computeIfAbsent(owner, key -> add(function, false, rangeNs)) : base[i];
        }
    }

    private Pool add(Function representative, boolean prewarmed, long rangeNs) {
        Pool pool = new Pool(representative, prewarmed, rangeNs);
        all.add(pool);
        return pool;
    }

    List<Pool> all() {
        return all;
    }

    /** Where the used sandboxes of a function belong. */
    Pool own(int function) {
        return own[function];
    }

    /**
     * Where unused sandboxes are held for a function; the same as {@link #own} unless a used one stays with its owner.
     */
    Pool base(int function) {
        return base[function];
    }
}
