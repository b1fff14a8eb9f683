package sandglass.experiment.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sandglass.sim.SpeedBenchmark;
import sandglass.workload.arrival.Arrivals;

/** {@code sandglass bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true,
        description = "Time the simulator on two workloads that other simulators were timed with, one core, ledger and statistics included.",
        footer = {"", "The event list beside SSJ's own: mvn -B -ntp -Pbench -pl sim-core verify -Dbench=HoldBenchmark"})
final class BenchCommand implements Callable<Integer> {

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "of the random streams; default: 1")
    private long seed;

    @Option(names = "--json", description = "print JSON instead of lines")
    private boolean json;

    private final Console console;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() {
        List<SpeedBenchmark.Figures> all = new SpeedBenchmark(new Arrivals()).runAll(seed);
        if (json) {
            console.out().print(Json.text(maps(all)));
        } else {
            all.forEach(figures -> console.out().println(figures.text()));
        }
        return ExitCode.DONE;
    }

    private static List<Map<String, Object>> maps(List<SpeedBenchmark.Figures> all) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (SpeedBenchmark.Figures figures : all) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("workload", figures.workload().name());
            one.put("seed", figures.seed());
            one.put("invocations", figures.invocations());
            one.put("events", figures.events());
            one.put("cpu_s", figures.cpuSeconds());
            one.put("million_invocations_per_cpu_s", figures.millionInvocationsPerCpuSecond());
            one.put("peak_resident_bytes", figures.peakResidentBytes());
            one.put("cold_share", figures.coldShare());
            one.put("sandboxes", figures.sandboxes());
            one.put("running", figures.running());
            one.put("idle", figures.idle());
            one.put("lifespan_s", figures.lifespanSeconds());
            list.add(one);
        }
        return list;
    }
}
