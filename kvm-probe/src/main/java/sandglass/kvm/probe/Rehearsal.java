package sandglass.kvm.probe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;
import sandglass.scenario.Work;
import sandglass.unit.Distribution;

/**
 * Small scenarios that are run and forgotten before the first one that counts, so that the control plane's code is compiled too: an
 * invocation that it handles for the first time takes it some tenths of a millisecond longer.
 */
final class Rehearsal {

    private static final int WARM_CALLS = 500;
    private static final int NEW_SANDBOXES = 40;
    private static final int AT_ONCE = 16;
    private static final long THINK_NS = 1_000_000;

    private Rehearsal() {
    }

    /** What to run on the stack of a scenario. */
    static List<Scenario> before(Scenario scenario) {
        Scenario created = created(scenario.stack(), scenario.host().cores(), NEW_SANDBOXES, THINK_NS);
        if (scenario.stack().recycle() == Stack.Recycle.REPLACE) {
            return List.of(created);
        }
        return List.of(warm(scenario.stack(), scenario.host().cores(), WARM_CALLS, THINK_NS), created,
                atOnce(scenario.stack(), scenario.host().cores()));
    }

    /** One client and one pooled sandbox that is kept. */
    static Scenario warm(Stack stack, int cores, int invocations, long thinkNs) {
        return of(stack, cores, Scenario.Start.POOL, new Policies.KeepAlive.Forever(), invocations, thinkNs);
    }

    /** One client, and a sandbox made for each invocation. */
    static Scenario created(Stack stack, int cores, int invocations, long thinkNs) {
        return of(stack, cores, Scenario.Start.CREATE, new Policies.KeepAlive.None(), invocations, thinkNs);
    }

    /** Many invocations at once, and a sandbox made for each. */
    private static Scenario atOnce(Stack stack, int cores) {
        return of(stack, cores, Scenario.Start.CREATE, new Policies.KeepAlive.Forever(), new Load.Burst(AT_ONCE, 1, 0),
                new Length.End.LoadExhausted());
    }

    private static Scenario of(Stack stack, int cores, Scenario.Start start, Policies.KeepAlive keepAlive, int invocations, long thinkNs) {
        return of(stack, cores, start, keepAlive, new Load.Closed(1, new Distribution.Constant(thinkNs)), new Length.End.Invocations(invocations));
    }

    private static Scenario of(Stack stack, int cores, Scenario.Start start, Policies.KeepAlive keepAlive, Load load, Length.End end) {
        Function function = new Function("rehearsal", "rehearsal", "python", new Work(List.of()), Optional.empty(), 0, 0, 0);
        Policies policies = new Policies(keepAlive, Policies.Reuse.NEWEST, start == Scenario.Start.POOL ? 1 : 0, Policies.ColdService.ADDS,
                Policies.Scope.FUNCTION, Integer.MAX_VALUE, Policies.AtLimit.QUEUE, Policies.Expiry.EXACT,
                new Policies.Sharing.ByConstruction(), new Policies.Notification.Interrupt());
        return new Scenario("rehearsal", "", "rehearsal", Scenario.Role.CALIBRATE, Map.of(), stack, start, List.of(function),
                load, new Host(cores, Long.MAX_VALUE), policies,
                new Length(end, 0, new Length.Repeat.Replications(1)), Map.of(), 1, "");
    }
}
