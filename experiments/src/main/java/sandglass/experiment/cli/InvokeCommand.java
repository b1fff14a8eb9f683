package sandglass.experiment.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.Problem;
import sandglass.kvm.measure.Clocks;
import sandglass.kvm.stack.DocumentServer;
import sandglass.kvm.stack.Imports;
import sandglass.kvm.stack.LiveConfig;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.stack.LiveStacks;
import sandglass.kvm.stack.PythonSource;
import sandglass.kvm.usf.file.ModuleStore;
import sandglass.run.UnsupportedHereException;
import sandglass.unit.Quantities;
import sandglass.unit.QuantityException;

/** {@code sandglass invoke}. */
@Command(name = "invoke", mixinStandardHelpOptions = true,
        description = "Run one Python function for real on a stack, and print its result and ledger.",
        footer = {"", "In the event, $${server} stands for a loopback server that this command starts and that the function may use:",
            "GET /bytes/N gives N bytes, GET /etl/NAME/SEED/SIZE the input of an ETL function; POST takes anything.", "",
            "Exit codes: 1 the function raised an exception or was ended, 2 bad file or event, 3 no KVM, runc or python3.", "",
            "Example: sandglass invoke workloads/functions/word_count.py --repeat 10 \\",
            "  --event '{\"input\": \"$${server}/etl/word_count/7/20000\",", "    \"output\": \"$${server}/out\", \"top\": 5}'"})
final class InvokeCommand implements Callable<Integer> {

    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?");

    @Parameters(paramLabel = "FUNCTION.py", description = "a file with def handler(event, etl)")
    private Path function;

    @Option(names = "--stack", paramLabel = "STACK", defaultValue = "usetl",
            description = "usetl, process, container, zygote, criu, vm or vm-snapshot; default: usetl")
    private String stack;

    @Option(names = "--event", paramLabel = "JSON", defaultValue = "{}", description = "the handler's first argument; default: {}")
    private String event;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "1", description = "how often, one after the other in one sandbox")
    private int repeat;

    @Option(names = "--json", description = "print one JSON object a line for each call instead of text")
    private boolean json;

    @Option(names = "--allow", paramLabel = "HOST[:PORT]", description = "lets the function GET and POST there; may be repeated")
    private List<String> allowed = List.of();

    @Option(names = "--time-limit", paramLabel = "TIME", defaultValue = "10s", description = "of one call; default: 10s")
    private String timeLimit;

    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "64MiB", description = "of the sandbox; default: 64MiB")
    private String memory;

    @Option(names = "--files", paramLabel = "N", defaultValue = "1024",
            description = "most files of its own that the function may have, on a stack with a file system for it; default: 1024")
    private int files;

    @Option(names = "--descriptors", paramLabel = "N", defaultValue = "256",
            description = "most open file descriptors, with some ten of the runner; default: 256")
    private int descriptors;

    @Option(names = "--module-store", paramLabel = "DIR",
            description = "a directory of pure-Python packages, such as 'pip install --target DIR' leaves")
    private Path moduleStore;

    @Option(names = "--modules", paramLabel = "NAME,NAME", split = ",",
            description = "what of the module store the function may import; default: all of it")
    private List<String> modules = List.of();

    private final Console console;

    InvokeCommand(Console console) {
        this.console = console;
    }

    @Override public Integer call() throws UnsupportedHereException {
        List<Problem> problems = new ArrayList<>();
        String source = source(problems);
        checkOptions(problems);
        LiveConfig config = config(problems);
        Imports imports = imports(problems);
        PythonSource.mistake(config.interpreter(), source).ifPresent(mistake -> problems.add(new Problem(function.toString(), mistake.line(), "",
                "is no Python: " + mistake.message() + "; expected a Python file with def handler(event, etl)")));
        if (!problems.isEmpty()) {
            throw new BadInputException(problems);
        }
        LongSupplier clockNs = Clocks.monotonicNs();
        try (DocumentServer server = new DocumentServer(new EtlDocuments())) {
            Set<String> hosts = new LinkedHashSet<>();
            allowed.forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
            if (event.contains(DocumentServer.PLACEHOLDER)) {
                hosts.add(server.hostAndPort());
            }
            try (LiveStack live = LiveStacks.open(stack, config.withAllowedHosts(hosts), clockNs)) {
                live.reach(server);
                InvokeReport report = new InvokeReport(console, json, live);
                return new Invoker(live, clockNs).run(source, event.replace(DocumentServer.PLACEHOLDER, server.url()), imports, repeat, report)
                        ? ExitCode.DONE : ExitCode.NO;
            }
        }
    }

    private String source(List<Problem> problems) {
        try {
            return Files.readString(function);
        } catch (CharacterCodingException e) {
            problems.add(problem(function.toString(), "", "is not UTF-8 text; expected a Python file with def handler(event, etl)"));
        } catch (IOException e) {
            problems.add(problem(function.toString(), "", "cannot be read (" + e.getClass().getSimpleName()
                    + "); expected a Python file with def handler(event, etl)"));
        }
        return "";
    }

    private void checkOptions(List<Problem> problems) {
        JsonValue.problem(event).ifPresent(reason -> problems.add(problem("--event", "", reason)));
        allowed.stream().filter(host -> !HOST.matcher(host).matches()).forEach(host -> problems.add(problem("--allow", "", "'" + host
                + "' is no host; expected HOST or HOST:PORT, without http://")));
        if (repeat < 1) {
            problems.add(problem("--repeat", "", "is " + repeat + "; expected at least 1"));
        }
        if (!LiveStacks.NAMES.contains(stack)) {
            problems.add(problem("--stack", "", "'" + stack + "' cannot be run for real; expected one of " + String.join(", ", LiveStacks.NAMES)));
        }
        within("--files", files, 0, problems);
        within("--descriptors", descriptors, LiveConfig.MIN_DESCRIPTORS, problems);
    }

    private static void within(String option, int value, int least, List<Problem> problems) {
        if (value < least || value > LiveConfig.MAX_FILES) {
            problems.add(problem(option, "", "is " + value + "; expected " + least + " to " + LiveConfig.MAX_FILES));
        }
    }

    private Imports imports(List<Problem> problems) {
        if (moduleStore == null) {
            if (!modules.isEmpty()) {
                problems.add(problem("--modules", "", "needs --module-store DIR, the directory that they are in"));
            }
            return Imports.NONE;
        }
        try {
            Set<String> there = ModuleStore.namesIn(moduleStore);
            modules.stream().filter(name -> !there.contains(name)).forEach(name -> problems.add(problem("--modules", "", "'" + name
                    + "' is not in " + moduleStore + "; expected some of " + String.join(", ", there))));
            return new Imports(moduleStore, modules.isEmpty() ? List.copyOf(there) : modules);
        } catch (IllegalArgumentException e) {
            problems.add(problem("--module-store", "", e.getMessage()));
            return Imports.NONE;
        }
    }

    private LiveConfig config(List<Problem> problems) {
        LiveConfig config = LiveConfig.defaults().withStartsOnDemand();
        try {
            long limitNs = Quantities.durationNs(timeLimit);
            if (limitNs < 1) {
                problems.add(problem("--time-limit", "", timeLimit + " is no time; expected for example 10s"));
            }
            config = config.withLimits(config.memoryBytes(), Duration.ofNanos(limitNs));
        } catch (QuantityException e) {
            problems.add(problem("--time-limit", "", e.getMessage()));
        }
        try {
            long bytes = Quantities.sizeBytes(memory);
            if (bytes < LiveConfig.MIN_MEMORY_BYTES || bytes > LiveConfig.MAX_MEMORY_BYTES) {
                problems.add(problem("--memory", "", memory + " is not from " + (LiveConfig.MIN_MEMORY_BYTES >> 20) + "MiB to "
                        + (LiveConfig.MAX_MEMORY_BYTES >> 20) + "MiB"));
            }
            config = config.withLimits(LiveConfig.wholeLargePages(bytes), config.timeLimit());
        } catch (QuantityException e) {
            problems.add(problem("--memory", "", e.getMessage()));
        }
        return config.withFileLimits(files, descriptors);
    }

    private static Problem problem(String where, String path, String message) {
        return new Problem(where, 0, path, message);
    }
}
