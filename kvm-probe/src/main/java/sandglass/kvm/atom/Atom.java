package sandglass.kvm.atom;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/**
 * Measures one cost parameter or a few that occur together. A new atom is one class and one line of the {@link Catalogue}. It never runs
 * a scenario: what was fitted on a scenario is no evidence about it.
 *
 * @param name       for {@code --only}, for example {@code usetl-clone}
 * @param stacks     whose stack files use it, for {@code --stacks}; {@code host} is every stack's
 * @param quantities what it measures; the measurement gives one reading for each
 * @param method     how, in one or two sentences, for the provenance
 * @param clock      wall, CPU or none
 * @param seconds    about how long it takes, and how long when quick, for the time left
 */
public record Atom(String name, Set<String> stacks, List<Quantity> quantities, String method, Clock clock, Seconds seconds,
        Measurement measurement) {

    /** The stack that stands for the host itself. */
    public static final String HOST = "host";

    public Atom {
        stacks = Set.copyOf(stacks);
        quantities = List.copyOf(quantities);
    }

    /** Estimated durations. */
    public record Seconds(double full, double quick) {
        /** The one that applies. */
        public double of(Bench bench) {
            return bench.quick() ? quick : Math.max(quick, full / bench.passes());
        }
    }

    /** How an atom measures. It leaves nothing behind: no process, file, device or setting. */
    @FunctionalInterface
    public interface Measurement {
        /**
         * Measures.
         *
         * @return a reading for each quantity
         * @throws UnsupportedHereException if this host can give none of them
         * @throws IOException              if the host failed on the way
         * @throws InterruptedException     if nobody waits for the result any more
         */
        List<Reading> run(Bench bench) throws UnsupportedHereException, IOException, InterruptedException;
    }

    /**
     * Measures; whatever the host refuses becomes a reading that says so.
     *
     * @throws InterruptedException if nobody waits for the result any more
     * @throws IllegalStateException if the atom does not do what it declares
     */
    public List<Reading> measure(Bench bench) throws InterruptedException {
        List<Reading> readings;
        try {
            readings = measurement.run(bench);
        } catch (UnsupportedHereException e) {
            return unsupported(e.getMessage(), e.remedy());
        } catch (sandglass.kvm.vm.KvmUnavailableException | sandglass.kvm.usf.file.PythonImage.MissingRuntimeException e) {
            return unsupported(e.getMessage(), "'sandglass doctor' says what is missing and how to get it");
        } catch (MeasuringFailedException e) {
            return unsupported(e.getMessage(), "measure again on a host with less other work: calibrate --only " + name);
        } catch (IOException | sandglass.kvm.sys.SystemCallException e) {
            return unsupported("the host refused: " + e.getMessage(), "see to that, then run calibrate again: only what is missing is measured");
        }
        List<String> declared = quantities.stream().map(Quantity::parameter).toList();
        List<String> given = readings.stream().map(Reading::parameter).toList();
        if (!Set.copyOf(given).equals(Set.copyOf(declared)) || given.size() != declared.size()) {
            throw new IllegalStateException("atom " + name + " declares " + declared + " and gives " + given);
        }
        return readings;
    }

    private List<Reading> unsupported(String reason, String remedy) {
        return quantities.stream().<Reading>map(quantity -> new Reading.Unsupported(quantity.parameter(), reason, remedy)).toList();
    }
}
