package sandglass.kvm.atom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sandglass.result.Guard;

/** Collects the values of one quantity while an atom runs. Outliers stay: they are the far quantiles of what a user meets. */
public final class Sample {

    /** How the names of guards begin that hold KVM to not carrying out the guest's instructions itself. */
    static final String EMULATED = "emulated instructions";

    private final String parameter;
    private final List<Guard> guards = new ArrayList<>();
    private double[] values = new double[Reading.MOST_VALUES];
    private int count;

    /** A sample without values of a quantity. */
    public Sample(String parameter) {
        this.parameter = parameter;
    }

    /** Adds an observation, in the quantity's unit; not negative. */
    public void add(double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(parameter + ": " + value + " is no cost");
        }
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    /**
     * Adds a check of a counter: {@code value} was seen and may not exceed {@code limit}.
     *
     * @param name what was counted
     */
    public Sample atMost(String name, double value, double limit) {
        guards.add(new Guard(name, value, limit, value <= limit));
        return this;
    }

    /** Adds a check of a counter: exactly this was expected. */
    public Sample exactly(String name, double value, double expected) {
        guards.add(new Guard(name, value, expected, value == expected));
        return this;
    }

    /** The middle value, for what builds on this sample. */
    public double median() {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return count == 0 ? Double.NaN : (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    }

    /** The mean, for what others only see summed up. */
    public double mean() {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i];
        }
        return sum / count;
    }

    /** Every value, in the order of observation. */
    public void forEach(java.util.function.DoubleConsumer action) {
        for (int i = 0; i < count; i++) {
            action.accept(values[i]);
        }
    }

    /** The same values and checks for another quantity. */
    public Sample rename(String other) {
        Sample renamed = new Sample(other);
        forEach(renamed::add);
        renamed.guards.addAll(guards);
        return renamed;
    }

    /** How many values there are. */
    public int count() {
        return count;
    }

    /**
     * The reading as one value, the median: for what is found as a difference of two measurements, whose spread is theirs and not its own.
     */
    public Reading middle() {
        return only(median());
    }

    /** The reading as one value, the mean: for what comes in either of two ways, and counts by its sum. */
    public Reading average() {
        return only(mean());
    }

    private Reading only(double value) {
        Reading all = reading();
        return all instanceof Reading.Measured measured
                ? new Reading.Measured(parameter, new double[] {value}, measured.n(), measured.guards()) : all;
    }

    /** What the values of a sample are beyond {@code least}, nothing for those below it, as a sample of a quantity; without the guards. */
    static Sample less(String parameter, Sample sample, double least) {
        Sample result = new Sample(parameter);
        sample.forEach(value -> result.add(Math.max(0, value - least)));
        return result;
    }

    /** The reading: the values if every guard holds, else why they do not count. */
    public Reading reading() {
        List<Guard> broken = guards.stream().filter(guard -> !guard.ok()).toList();
        if (!broken.isEmpty()) {
            StringBuilder reason = new StringBuilder("the measurement does not count:");
            broken.forEach(guard -> reason.append(' ').append(guard.name()).append(" is ").append(guard.value()).append(", expected ")
                    .append(guard.limit()).append(';'));
            boolean interpreted = broken.stream().anyMatch(guard -> guard.name().startsWith(EMULATED));
            return new Reading.Unsupported(parameter, reason.substring(0, reason.length() - 1), interpreted
                    ? "use a host with VT-x or SVM: this KVM interprets such code of the guest, which says nothing about running it"
                    : "measure again on a host with less other work");
        }
        return count == 0 ? new Reading.Unsupported(parameter, "nothing was observed", "measure again, without --quick")
                : new Reading.Measured(parameter, values(), count, guards);
    }

    /** All values, or of more than {@link Reading#MOST_VALUES} that many at equal distances of rank, the least and the greatest among them. */
    private double[] values() {
        double[] all = Arrays.copyOf(values, count);
        if (count <= Reading.MOST_VALUES) {
            return all;
        }
        Arrays.sort(all);
        double[] kept = new double[Reading.MOST_VALUES];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = all[(int) Math.round(i * (count - 1.0) / (kept.length - 1))];
        }
        return kept;
    }
}
