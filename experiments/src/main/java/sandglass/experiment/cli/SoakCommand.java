package sandglass.experiment.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.Problem;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.soak.HostileProgram;
import sandglass.kvm.soak.Soak;
import sandglass.kvm.soak.SoakConfig;
import sandglass.kvm.soak.SoakMix;
import sandglass.kvm.soak.SoakProgram;
import sandglass.kvm.soak.SoakReport;
import sandglass.kvm.usf.UsfConfig;
import sandglass.kvm.usf.UsfFactory;
import sandglass.kvm.usf.UsfPool;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.kvm.vm.KvmUnavailableException;
import sandglass.run.UnsupportedHereException;
import sandglass.unit.Quantities;
import sandglass.unit.QuantityException;
import sandglass.workload.function.LoopbackServer;

/** {@code sandglass soak}. */
@Command(name = "soak", mixinStandardHelpOptions = true,
        description = "Run very many functions, good and hostile ones, in one pool of unikernels, and check everything.",
        footer = {"", "A seeded mix: trivial functions, the ten ETL functions on small inputs from a loopback server, functions that raise, that",
            "leave secrets, that look for such, and that mean harm. Each answer is compared with the expected one, every recycled",
            "unikernel's turn comes to be compared with the template byte for byte, and what the process has of the host's must not grow.",
            "A fault names its index; '--seed S --first INDEX --invocations 1' repeats it. Ctrl-C ends it and prints what was done.", "",
            "Exit codes: 1 something was wrong, 2 bad input, 3 no KVM or no python3."})
final class SoakCommand implements Callable<Integer> {

    private static final int MOST_JOBS = 1024;
    private static final int PATIENCE_S = 60;

    @Option(names = "--invocations", paramLabel = "N", defaultValue = "100000", description = "how many; default: 100000")
    private long invocations;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "decides what runs when; default: 1")
    private long seed;

    @Option(names = "--first", paramLabel = "INDEX", defaultValue = "0", description = "index of the first; default: 0")
    private long first;

    @Option(names = "--jobs", paramLabel = "N", description = "how many at a time; default: as many as there are processors")
    private Integer jobs;

    @Option(names = "--inspect-every", paramLabel = "N", defaultValue = "1000",
            description = "after so many a recycled unikernel is compared with the template; default: 1000")
    private int inspectEvery;

    @Option(names = "--time-limit", paramLabel = "TIME", description = "end after this time, for example 10min; default: none")
    private String timeLimit;

    @Option(names = "--json", description = "print JSON instead of text")
    private boolean json;

    private final Console console;

    SoakCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() throws UnsupportedHereException {
        SoakConfig config = config();
        Path functions = console.home().map(home -> home.resolve("workloads/functions")).filter(Files::isDirectory)
                .orElseThrow(() -> new UnsupportedHereException("the ETL functions are not where Sandglass is installed",
                        "start it by the script 'sandglass' of a complete checkout"));
        LongSupplier clockNs = Clocks.monotonicNs();
        try (LoopbackServer server = new LoopbackServer()) {
            List<SoakProgram> programs = new ArrayList<>(SoakMix.programs());
            programs.addAll(new EtlSoak(server).programs(functions, seed));
            String host = URI.create(server.url("/")).getAuthority();
            try (UsfFactory factory = new UsfFactory(UsfConfig.defaults().withAllowedHosts(Set.of(host)), clockNs);
                    UsfPool pool = new UsfPool(factory, clockNs)) {
                pool.prewarm(config.jobs());
                Soak soak = new Soak(config, pool, programs, List.of(SoakMix.SECRET, HostileProgram.SECRET), clockNs);
                return run(soak, config);
            }
        } catch (KvmUnavailableException | PythonImage.MissingRuntimeException e) {
            throw new UnsupportedHereException(e.getMessage(), "'sandglass doctor' says how to get it");
        }
    }

    private int run(Soak soak, SoakConfig config) {
        CountDownLatch printed = new CountDownLatch(1);
        Thread interrupted = new Thread(() -> {
            soak.stop();
            try {
                if (!printed.await(PATIENCE_S, TimeUnit.SECONDS)) {
                    console.err().println("sandglass: interrupted; the invocations under way did not end in time");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(interrupted);
        SoakReport report;
        try {
            try (CountProgress progress = console.count("soak", config.invocations())) {
                report = soak.run(progress::at);
            }
            SoakText text = new SoakText(report, config);
            console.out().print(json ? Json.text(text.map()) : text.text());
            console.out().flush();
        } finally {
            printed.countDown();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException e) {
            // The hook is running: the report was its purpose.
            return ExitCode.NO;
        }
        return report.holds() ? ExitCode.DONE : ExitCode.NO;
    }

    private SoakConfig config() {
        List<Problem> problems = new ArrayList<>();
        int threads = jobs == null ? Runtime.getRuntime().availableProcessors() : jobs;
        check(problems, "--invocations", invocations, 1, Long.MAX_VALUE / 2);
        check(problems, "--first", first, 0, Long.MAX_VALUE / 2);
        check(problems, "--jobs", threads, 1, MOST_JOBS);
        check(problems, "--inspect-every", inspectEvery, 1, Integer.MAX_VALUE);
        SoakConfig config = SoakConfig.of(seed, invocations, threads).from(first).inspectingEvery(inspectEvery);
        if (timeLimit != null) {
            try {
                long limitNs = Quantities.durationNs(timeLimit);
                if (limitNs < 1) {
                    problems.add(new Problem("--time-limit", 0, "", timeLimit + " is no time; expected for example 10min"));
                }
                config = config.within(Duration.ofNanos(limitNs));
            } catch (QuantityException e) {
                problems.add(new Problem("--time-limit", 0, "", e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new BadInputException(problems);
        }
        return config;
    }

    private static void check(List<Problem> problems, String option, long value, long min, long max) {
        if (value < min || value > max) {
            problems.add(new Problem(option, 0, "", "is " + value + "; expected " + min + " to " + max));
        }
    }
}
