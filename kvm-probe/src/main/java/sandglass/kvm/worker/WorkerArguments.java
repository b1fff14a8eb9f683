package sandglass.kvm.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import sandglass.kvm.usf.UsfConfig;

/** A configuration as command line of a worker, and back. */
final class WorkerArguments {

    private WorkerArguments() {
    }

    static List<String> of(WorkerPoolConfig config, Path image) {
        UsfConfig usf = config.usf();
        return List.of(Integer.toString(config.runsPerWorker()), usf.interpreter().toString(), Long.toString(usf.ramBytes()),
                Long.toString(usf.timeLimit().toNanos()), String.join(",", usf.allowedHosts()),
                Long.toString(usf.maxDocumentBytes()), Long.toString(usf.maxAnswerBytes()),
                Long.toString(usf.maxLogBytes()), Integer.toString(usf.copyBackPages()), usf.population().name(), image.toString(),
                Integer.toString(usf.maxFiles()), Integer.toString(usf.maxDescriptors()));
    }

    static int runs(String[] arguments) {
        return Integer.parseInt(arguments[0]);
    }

    /** Where the runtime image is. */
    static Path image(String[] arguments) {
        return Path.of(arguments[10]);
    }

    static UsfConfig usf(String[] arguments) {
        return new UsfConfig(Path.of(arguments[1]), Long.parseLong(arguments[2]),
                Duration.ofNanos(Long.parseLong(arguments[3])),
                arguments[4].isEmpty() ? Set.of() : Set.of(arguments[4].split(",")), Long.parseLong(arguments[5]),
                Long.parseLong(arguments[6]), Long.parseLong(arguments[7]), Integer.parseInt(arguments[8]),
                UsfConfig.Population.valueOf(arguments[9]), Integer.parseInt(arguments[11]), Integer.parseInt(arguments[12]));
    }
}
