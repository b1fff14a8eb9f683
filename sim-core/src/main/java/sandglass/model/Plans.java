package sandglass.model;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sandglass.platform.Invocation;
import sandglass.scenario.Function;
import sandglass.scenario.Phase;
import sandglass.scenario.Policies.ColdService;
import sandglass.scenario.Scenario;
import sandglass.scenario.Work;
import sandglass.unit.Distribution;

/**
 * What a sandbox does in each phase, compiled once. A function's work is compiled when it first runs: functions of equal work
 * have one plan, and a trace may bring tens of thousands that never run.
 */
final class Plans {

    private static final Stage[] NOTHING = {};

    private final List<Function> functions;
    private final PlanCompiler compiler;
    private final boolean coldReplaces;
    private final Stage[] again;
    private final Map<Phase, Stage[]> phases = new EnumMap<>(Phase.class);
    private final Map<Work, Stage[]> works = new HashMap<>();
    private final Map<Work, Stage[]> recorded = new HashMap<>();
    private final Stage[][] workOf;
    private final Stage[][] recordedOf;
    private final Stage[][] coldOf;

    Plans(Scenario scenario, List<Function> functions, PlanCompiler compiler) {
        this.functions = functions;
        this.compiler = compiler;
        coldReplaces = scenario.policies().coldService() == ColdService.REPLACES;
        workOf = new Stage[functions.size()][];
        recordedOf = new Stage[functions.size()][];
        coldOf = new Stage[functions.size()][];
        for (Phase phase : Phase.values()) {
            boolean replaced = coldReplaces && (phase == Phase.CREATE || phase == Phase.BOOT || phase == Phase.INIT);
            Stage[] stages = compiler.phase(phase);
            phases.put(phase, replaced || phase == Phase.RUN ? NOTHING : stages);
        }
        again = compiler.again();
        functions.stream().map(Function::work).distinct().forEach(work -> works.put(work, compiler.work(work)));
    }

    Function function(int index) {
        return functions.get(index);
    }

    /** The stages of a phase other than RUN. */
    Stage[] phase(Phase phase) {
        return phases.get(phase);
    }

    /** The stages of READY for a function that the sandbox has served before. */
    Stage[] again() {
        return again;
    }

    /** What the stack's structure says beside its stages. */
    PlanCompiler structure() {
        return compiler;
    }

    /** The stages of RUN for this invocation. */
    Stage[] work(Invocation invocation) {
        int index = invocation.function;
        if (coldReplaces && invocation.cold) {
            Stage[] cold = coldOf[index] == null ? coldOf[index] = cold(functions.get(index)) : coldOf[index];
            if (cold != NOTHING) {
                return cold;
            }
        }
        if (invocation.serviceNs >= 0) {
            return recordedOf[index] == null
                    ? recordedOf[index] = recorded.computeIfAbsent(functions.get(index).work(), compiler::recordedWork)
                    : recordedOf[index];
        }
        return workOf[index] == null ? workOf[index] = works.get(functions.get(index).work()) : workOf[index];
    }

    /** The cold service that stands for the start and the work together, or nothing if the function has none. */
    private Stage[] cold(Function function) {
        Optional<Distribution> cold = function.coldService();
        return cold.isPresent() ? compiler.coldWork(cold.get()) : NOTHING;
    }
}
