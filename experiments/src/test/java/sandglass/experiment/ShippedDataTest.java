package sandglass.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.calibration.Provenance;
import sandglass.calibration.WellKnown;
import sandglass.experiment.read.ExperimentFile;
import sandglass.experiment.read.ExperimentReader;
import sandglass.experiment.read.Setting;
import sandglass.scenario.DiskImage;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Region;
import sandglass.scenario.Stack;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

class ShippedDataTest {

    private static final Set<String> OF_THE_HOST = Set.of(WellKnown.POLLING_LOOK, WellKnown.KSM_SCAN_PAGE, WellKnown.COOLING_TIME,
            WellKnown.GRACE_MEMORY, WellKnown.HOST_QUANTUM,
            WellKnown.GUEST_QUANTUM, WellKnown.GUEST_CORES, WellKnown.LATE_WAKE_AHEAD, WellKnown.ADDRESS_SPACE_EXCLUSIVE);

    /** Units of published values, as factors to the unit that a parameter is stored in. */
    private static final Map<String, Double> FACTORS = Map.of("ns", 1.0, "us", 1e3, "us/4KiB", 1e3, "ms", 1e6, "B", 1.0, "kB", 1e3, "MB", 1e6,
            "MiB", 1048576.0);

    private final Calibration published = Shipped.published();

    /** Oracle: the list of every name in every stack, taken from the stacks themselves. */
    @Test void theStacksAndTheCalibrationNameEachOther() {
        Set<String> unused = new TreeSet<>(published.parameters().keySet());
        unused.removeAll(OF_THE_HOST);
        List<String> problems = new ArrayList<>();
        for (Stack stack : Shipped.stacks()) {
            for (Costs cost : Costs.of(stack)) {
                unused.remove(cost.name());
                Parameter parameter = published.parameters().get(cost.name());
                if (parameter == null || !cost.units().contains(parameter.unit())) {
                    problems.add(cost.neededBy() + " needs '" + cost.name() + "' in one of " + cost.units() + ", found " + parameter);
                }
            }
        }
        assertThat(problems).isEmpty();
        assertThat(unused).as("parameters that no stack needs").isEmpty();
        assertThat(published.parameters().keySet()).containsAll(OF_THE_HOST);
    }

    /** Oracle: a switch without a cost cannot be charged, a cost without a switch charges nothing. */
    @Test void everyStackPricesExactlyTheSwitchesItMakes() {
        for (Stack stack : Shipped.stacks()) {
            Set<ModeSwitch> made = new TreeSet<>();
            for (Phase phase : Phase.values()) {
                stack.steps(phase).forEach(step -> made.addAll(step.switches().keySet()));
            }
            stack.paths().values().forEach(path -> path.hops().forEach(hop -> made.addAll(hop.switches().keySet())));
            assertThat(stack.switchCosts().keySet()).as(stack.name()).isEqualTo(made);
        }
    }

    /** Oracle: published figures, USETL section 4 (smem): 28.7 MB and 54.1 MB unique, 10.3 MB reported by the guest. */
    @Test void uniqueMemoryWithoutSharingIsThePublishedOne() {
        assertThat(memory("container", region -> !region.kernel())).isCloseTo(28.7e6, within(1e3));
        assertThat(memory("unikernel", region -> !region.kernel())).isCloseTo(54.1e6, within(1e3));
        assertThat(memory("unikernel", region -> region.name().endsWith("-heap"))).isCloseTo(10.3e6, within(1.0));
    }

    /** Oracle: published figure, USETL section 3.4: 22 MB of modules, one copy on a host. */
    @Test void theModuleStoreIsSharedByAllOfUsetl() {
        assertThat(memory("usetl", region -> region.name().equals("module-store") && region.sharing() == Region.Sharing.SHARED))
                .isCloseTo(22e6, within(1.0));
    }

    /** Oracle: published figures, USETL section 4: ELF of 11 MB (6.5 + 4.5), script of 112 B or 352 kB, container image of 922 MB. */
    @Test void imagesAddUpToThePublishedOnes() {
        assertThat(disk("unikernel", DiskImage.Part::sharedByRuntime)).isCloseTo(11e6, within(1.0));
        assertThat(disk("unikernel", part -> !part.sharedByRuntime())).isCloseTo(352e3, within(1.0));
        assertThat(disk("container", DiskImage.Part::sharedByRuntime)).isCloseTo(922e6, within(1.0));
        assertThat(disk("container", part -> !part.sharedByRuntime())).isCloseTo(112, within(1e-9));
    }

    /** Oracle: published figures: create and boot of the machines add up to the whole that was measured from outside. */
    @Test void splitsOfPublishedTimesAddUp() {
        assertThat(median("qemu.vmm") + median("linux.boot-minimal")).isCloseTo(243.5e6, within(1e3));
        assertThat(median("firecracker.vmm") + median("firecracker.boot")).isCloseTo(160.9e6, within(1e6));
        assertThat(median("docker.serial") + median("docker.rest")).isCloseTo(541e6, within(1e5));
        double runc = median("container.namespaces") + median("container.runc-create") + median("container.runc-start") + median("container.delete");
        assertThat(runc).isCloseTo(224.6e6, within(1e5));
    }

    /** Oracle: the collection of published figures; a quotation that cannot be looked up is none. */
    @Test void everyQuotedFigureIsInTheCollection() {
        Set<List<String>> collected = Shipped.publishedFigures().stream().map(ShippedDataTest::identity).collect(Collectors.toSet());
        List<String> unknown = new ArrayList<>();
        published.parameters().values().forEach(parameter -> quoted(parameter).stream()
                .filter(figure -> !collected.contains(List.of(figure.system(), figure.quantity(), figure.source(), figure.status())))
                .forEach(figure -> unknown.add(parameter.name() + ": " + figure)));
        assertThat(unknown).isEmpty();
    }

    /** Oracle: the collection's own number and unit, where the figure is a single number and was taken as it is. */
    @Test void figuresTakenAsTheyAreHaveThePublishedValue() {
        Map<List<String>, NamedCsvRecord> rows = Shipped.publishedFigures().stream()
                .collect(Collectors.toMap(ShippedDataTest::identity, row -> row, (first, second) -> first));
        int compared = 0;
        for (Parameter parameter : published.parameters().values()) {
            if (!(parameter.provenance() instanceof Provenance.Published figure) || !(parameter.distribution() instanceof Distribution.Constant)) {
                continue;
            }
            NamedCsvRecord row = rows.get(List.of(figure.system(), figure.quantity(), figure.source(), figure.status()));
            String value = row.getField("value").replaceAll("^[~+]", "");
            if (value.matches("[0-9.]+")) {
                double expected = Double.parseDouble(value) * FACTORS.get(row.getField("unit"));
                assertThat(parameter.distribution().mean()).as(parameter.name()).isCloseTo(expected, within(expected * 1e-9));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(10);
    }

    /** Oracle: the glossary of statuses: only what somebody read may be quoted as published. */
    @Test void nothingRecalledIsQuoted() {
        assertThat(published.parameters().values()).allSatisfy(
                parameter -> assertThat(quoted(parameter)).allSatisfy(figure -> assertThat(figure.status()).isEqualTo("read")));
    }

    /** Oracle: the expansion itself, which refuses unknown keys, names and paths; the trace experiment needs a trace. */
    @Test void everyExperimentExpands() {
        for (Path file : Shipped.experiments()) {
            List<Setting> settings = file.endsWith("azure-2019.yaml")
                    ? List.of(Setting.parse("trace.path=" + Shipped.DIRECTORY.resolve("calibrations"))) : List.of();
            ExperimentFile read = new ExperimentReader(Shipped.library(), settings, OptionalLong.empty()).read(file);
            if (read instanceof ExperimentFile.Experiment experiment) {
                assertThat(experiment.name() + ".yaml").isEqualTo(file.getFileName().toString());
                assertThat(experiment.scenarios()).as(experiment.name()).isNotEmpty();
            }
        }
    }

    private static List<String> identity(NamedCsvRecord row) {
        return List.of(row.getField("system"), row.getField("quantity"), row.getField("source"), row.getField("status"));
    }

    private static List<Provenance.Published> quoted(Parameter parameter) {
        if (parameter.provenance() instanceof Provenance.Published figure) {
            return List.of(figure);
        }
        return parameter.provenance() instanceof Provenance.Derived derived ? derived.from() : List.of();
    }

    private double memory(String stack, Predicate<Region> which) {
        return Shipped.library().stack(stack).memory().regions().stream().filter(which)
                .mapToDouble(region -> published.require(region.size(), Unit.BYTES, region.name()).distribution().mean()).sum();
    }

    private double disk(String stack, Predicate<DiskImage.Part> which) {
        return Shipped.library().stack(stack).disk().parts().stream().filter(which)
                .mapToDouble(part -> published.require(part.size(), Unit.BYTES, part.name()).distribution().mean()).sum();
    }

    private double median(String parameter) {
        return published.require(parameter, Unit.NANOSECONDS, "this test").distribution().quantile(0.5);
    }
}
