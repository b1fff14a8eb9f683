package sandglass.experiment.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.Problem;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.worker.Density;
import sandglass.kvm.worker.DensityReport;
import sandglass.kvm.worker.HostLimitException;
import sandglass.kvm.worker.WorkerLostException;
import sandglass.kvm.worker.WorkerPoolConfig;
import sandglass.run.UnsupportedHereException;

/** {@code sandglass density}. */
@Command(name = "density", mixinStandardHelpOptions = true,
        description = "Have many unikernels alive at once, each having run a Python function, and print what they take.",
        footer = {"", "One line for each number of unikernels on the way: available memory lost, what of it other processes took, proportional set",
            "size, what the kernel took, and median and 99th percentile of the newest clones and of their first functions.",
            "Then each unikernel runs one more function. It stops while 2 GiB are still available.", "",
            "Exit codes: 1 a function gave a wrong result or something was left behind, 3 this host has not enough of something."})
final class DensityCommand implements Callable<Integer> {

    private static final double MIB = 1 << 20;
    private static final double MS = 1e6;
    private static final int MIN_MEMORY_MIB = 32;
    private static final int MAX_MEMORY_MIB = 1024;

    @Option(names = "--usf", paramLabel = "N", defaultValue = "1000", description = "how many; default: 1000")
    private int usfs;

    @Option(names = "--per-worker", paramLabel = "N", defaultValue = "400", description = "how many in one process; default: 400")
    private int perWorker;

    @Option(names = "--memory-mib", paramLabel = "N", defaultValue = "36", description = "memory of each in MiB, even; default: 36")
    private int memoryMib;

    @Option(names = "--jobs", paramLabel = "N", description = "how many processes are filled at a time; default: one a processor")
    private Integer jobs;

    @Option(names = "--json", description = "print JSON instead of lines")
    private boolean json;

    private final Console console;

    DensityCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() throws UnsupportedHereException {
        List<Problem> problems = new ArrayList<>();
        check(problems, "--usf", usfs, 1, Integer.MAX_VALUE);
        check(problems, "--per-worker", perWorker, 1, Integer.MAX_VALUE);
        check(problems, "--memory-mib", memoryMib, MIN_MEMORY_MIB, MAX_MEMORY_MIB);
        check(problems, "--jobs", jobs == null ? 1 : jobs, 1, Integer.MAX_VALUE);
        if (!problems.isEmpty()) {
            throw new BadInputException(problems);
        }
        WorkerPoolConfig config = WorkerPoolConfig.defaults();
        config = jobs == null ? config : config.withWorkersFilledAtATime(jobs);
        config = config.withUsfsPerWorker(perWorker).withUsf(config.usf().withRamBytes((memoryMib & ~1L) << 20));
        try {
            DensityReport report = new Density(config, Clocks.monotonicNs(), this::print).run(usfs);
            if (json) {
                console.out().print(Json.text(map(report)));
            } else {
                console.out().println(end(report));
            }
            return report.wrong() == 0 && report.leftPids().isEmpty() ? ExitCode.DONE : ExitCode.NO;
        } catch (HostLimitException e) {
            throw new UnsupportedHereException(e.shortage(), e.remedy());
        } catch (WorkerLostException e) {
            throw new UnsupportedHereException(e.getMessage(), "'sandglass doctor' says whether this host has what it takes");
        }
    }

    private static void check(List<Problem> problems, String option, int value, int min, int max) {
        if (value < min || value > max) {
            problems.add(new Problem(option, 0, "", "is " + value + "; expected " + min + " to " + max));
        }
    }

    private void print(DensityReport.Point point) {
        if (!json) {
            Map<String, Long> memory = point.memory();
            console.out().println(text("%6d unikernels in %2d workers after %6.1f s: %8.1f MiB gone, %.1f of it to other processes (%.0f KiB each), "
                    + "PSS %8.1f MiB, slab %.1f, vmalloc %.1f, page tables %.1f MiB; clone %s, first function %s (n = %d)",
                    point.usfs(), point.workers(),
                    point.elapsedNs() / 1e9, memory.get("MemAvailable") / MIB, point.othersBytes() / MIB,
                    (memory.get("MemAvailable") - point.othersBytes()) / 1024.0 / point.usfs(),
                    point.pssBytes() / MIB, memory.get("Slab") / MIB, memory.get("VmallocUsed") / MIB, memory.get("PageTables") / MIB,
                    text(point.create()), text(point.first()), point.create().n()));
        }
    }

    private static String end(DensityReport report) {
        return text("another function in each: %s (n = %d), %d wrong; after closing: %.1f MiB and %d processes left",
                text(report.second()), report.second().n(), report.wrong(), report.leftBytes() / MIB, report.leftPids().size());
    }

    private static String text(DensityReport.Times times) {
        return text("%.2f ms (p99 %.2f)", times.medianNs() / MS, times.p99Ns() / MS);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static Map<String, Object> map(DensityReport report) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("points", report.points().stream().map(DensityCommand::map).toList());
        all.put("second", map(report.second()));
        all.put("wrong", report.wrong());
        all.put("left_bytes", report.leftBytes());
        all.put("left_processes", report.leftPids().size());
        return all;
    }

    private static Map<String, Object> map(DensityReport.Point point) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("usfs", point.usfs());
        one.put("workers", point.workers());
        one.put("elapsed_ns", point.elapsedNs());
        one.put("memory_bytes", point.memory());
        one.put("pss_bytes", point.pssBytes());
        one.put("others_bytes", point.othersBytes());
        one.put("create", map(point.create()));
        one.put("first", map(point.first()));
        return one;
    }

    private static Map<String, Object> map(DensityReport.Times times) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("n", times.n());
        one.put("median_ns", times.medianNs());
        one.put("p99_ns", times.p99Ns());
        return one;
    }
}
