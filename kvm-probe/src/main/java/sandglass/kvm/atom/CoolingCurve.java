package sandglass.kvm.atom;

import java.util.Arrays;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * How fast something gets slower with the pause before it: {@code cold - (cold - warm) exp(-t / time)}, by least squares. For a given time
 * the other two are a straight line over {@code exp(-t / time)}, so that only the time is searched for. It is at most so long that nearly all is
 * lost after the longest pause: what something loses is measured after that one.
 *
 * @param timeNs after which all but 1/e of the warmth is gone
 * @param coldNs what it takes after a pause without end
 * @param lossNs what that is more than right after another; not above zero if it gets no slower
 */
record CoolingCurve(double timeNs, double coldNs, double lossNs) {

    private static final double SHORTEST_NS = 1e5;
    /** Of the longest pause: a twelfth is left then. */
    private static final double LONGEST = 0.4;
    private static final double PRECISION = 1e-6;
    private static final int MOST_EVALUATIONS = 500;

    /**
     * The curve nearest to what was seen.
     *
     * @param pausesNs different ones, three at least
     * @param seenNs   what it took after each
     */
    static CoolingCurve through(long[] pausesNs, double[] seenNs) {
        double timeNs = Math.exp(new BrentOptimizer(PRECISION, PRECISION).optimize(new MaxEval(MOST_EVALUATIONS), GoalType.MINIMIZE,
                new SearchInterval(Math.log(SHORTEST_NS), Math.log(LONGEST * Arrays.stream(pausesNs).max().orElseThrow())),
                new UnivariateObjectiveFunction(log -> line(pausesNs, seenNs, Math.exp(log)).getSumSquaredErrors())).getPoint());
        SimpleRegression line = line(pausesNs, seenNs, timeNs);
        return new CoolingCurve(timeNs, line.getIntercept(), -line.getSlope());
    }

    private static SimpleRegression line(long[] pausesNs, double[] seenNs, double timeNs) {
        SimpleRegression line = new SimpleRegression();
        for (int i = 0; i < pausesNs.length; i++) {
            line.addData(Math.exp(-pausesNs[i] / timeNs), seenNs[i]);
        }
        return line;
    }
}
