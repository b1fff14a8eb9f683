package sandglass.workload;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import sandglass.scenario.Boundary;
import sandglass.scenario.DiskImage;
import sandglass.scenario.Function;
import sandglass.scenario.Host;
import sandglass.scenario.Length;
import sandglass.scenario.Load;
import sandglass.scenario.MemoryImage;
import sandglass.scenario.Policies;
import sandglass.scenario.Scenario;
import sandglass.scenario.Stack;
import sandglass.scenario.Work;

/** Scenarios that differ only in load and functions. */
public final class Scenarios {

    private Scenarios() {}

    /** A scenario with this load and so many functions. */
    public static Scenario of(Load load, int functions) {
        Stack stack = new Stack("none", "none", Boundary.PROCESS, Map.of(), Map.of(), new MemoryImage(List.of()),
                new DiskImage(List.of()), Map.of(), "", Stack.GuestScheduler.HOST_ONLY,
                Stack.Interchangeable.PER_FUNCTION,
                Stack.Recycle.KEEP);
        Policies policies = new Policies(new Policies.KeepAlive.Forever(), Policies.Reuse.NEWEST, 0,
                Policies.ColdService.ADDS,
                Policies.Scope.FUNCTION, Integer.MAX_VALUE, Policies.AtLimit.QUEUE, Policies.Expiry.EXACT,
                new Policies.Sharing.None(), new Policies.Notification.Interrupt());
        List<Function> list = IntStream.range(0, functions).mapToObj(i -> new Function("f" + i, "app", "python",
                new Work(List.of()), Optional.empty(), 0, 0, 0)).toList();
        return new Scenario("test", "sha256:0", "test", Scenario.Role.VALIDATE, Map.of(), stack, Scenario.Start.CREATE,
                list, load,
                new Host(Host.UNLIMITED, Long.MAX_VALUE), policies,
                new Length(new Length.End.LoadExhausted(), 0, new Length.Repeat.Replications(1)), Map.of(), 1, "{}");
    }

    /** A trace load with the usual choices: equidistant, average, drop, wait, all minutes, full speed. */
    public static Load.Trace trace(String format, String path) {
        return new Load.Trace(format, path, Load.Trace.Arrivals.EQUIDISTANT, Load.Trace.Durations.AVERAGE,
                Load.Trace.Missing.DROP,
                Load.Trace.Missing.DROP, Load.Trace.Service.WAIT, 0, Integer.MAX_VALUE, 0, 1);
    }
}
