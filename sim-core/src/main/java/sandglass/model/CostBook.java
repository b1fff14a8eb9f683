package sandglass.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sandglass.calibration.Calibration;
import sandglass.calibration.MissingCostException;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.result.ParameterUse;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** The parameters that a run uses, resolved by name once. Collects everything that the calibration lacks before it complains. */
final class CostBook {

    private final Calibration calibration;
    private final Map<String, Cost> costs = new TreeMap<>();
    private final Set<String> missing = new LinkedHashSet<>();

    CostBook(Calibration calibration) {
        this.calibration = calibration;
    }

    /**
     * The parameter in one of the accepted units. What is missing is noted, for {@link #check}, and a free stand-in returned.
     *
     * @param neededBy the step, hop or region that needs it
     */
    Cost require(String name, String neededBy, Unit... accepted) {
        Parameter known = calibration.parameters().get(name);
        Unit unit = known != null && Arrays.asList(accepted).contains(known.unit()) ? known.unit() : accepted[0];
        try {
            Parameter found = calibration.require(name, unit, neededBy);
            return costs.computeIfAbsent(name, any -> new Cost(found));
        } catch (MissingCostException e) {
            lacks(e.getMessage());
            return new Cost(standIn(name, unit));
        }
    }

    /** A parameter without cost, which takes the place of a missing one until {@link #check} complains. */
    static Parameter standIn(String name, Unit unit) {
        return new Parameter(name, unit, new Distribution.Constant(0), new Provenance.Assumed("stands in for a missing one"));
    }

    /** Whether the calibration has this parameter at all. */
    boolean has(String name) {
        return calibration.parameters().containsKey(name);
    }

    /** Notes something that cannot be resolved. */
    void lacks(String problem) {
        missing.add(problem);
    }

    /**
     * Complains about everything noted so far.
     *
     * @throws MissingCostException naming all of it, one line each
     */
    void check() {
        if (!missing.isEmpty()) {
            throw new MissingCostException(String.join(System.lineSeparator(), missing));
        }
    }

    /** Time charged through each parameter, by name; sizes and ratios with zero. */
    List<ParameterUse> uses() {
        List<ParameterUse> uses = new ArrayList<>();
        costs.forEach((name, cost) -> uses.add(new ParameterUse(name, cost.parameter().provenance().origin(), cost.chargedNs())));
        return uses;
    }

    /** Share of all sizes used that rests on assumptions, 0 to 1; 0 if no size is used. */
    double assumedShareOfBytes() {
        double all = 0;
        double assumed = 0;
        for (Cost cost : costs.values()) {
            if (cost.parameter().unit() == Unit.BYTES) {
                all += cost.mean();
                assumed += cost.parameter().provenance() instanceof Provenance.Assumed ? cost.mean() : 0;
            }
        }
        return all == 0 ? 0 : assumed / all;
    }

    /** Starts the account of charged time anew. */
    void forget() {
        costs.values().forEach(Cost::forget);
    }
}
