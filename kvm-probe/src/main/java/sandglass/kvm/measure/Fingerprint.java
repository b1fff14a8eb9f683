package sandglass.kvm.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which machine a measurement was made on. Results with different fingerprints must not be compared silently. */
public final class Fingerprint {

    private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*: (.*)$");
    private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s+(\\d+) kB$");
    private static final Pattern CHOSEN = Pattern.compile("\\[(\\w+)]");

    private Fingerprint() {
    }

    /**
     * Of this host: cpu, cores, memory, kernel, kvm (vmx, svm, pvm or none), nested, governor, huge pages, python.
     *
     * @param interpreter the Python that functions run on
     */
    public static Map<String, String> ofThisHost(Path interpreter) {
        Map<String, String> facts = new TreeMap<>();
        String cpu = text("/proc/cpuinfo");
        facts.put("cpu", find(MODEL, cpu).orElse("unknown").strip());
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", find(TOTAL, text("/proc/meminfo")).map(kib -> (Long.parseLong(kib) >> 10) + " MiB").orElse("unknown"));
        facts.put("kernel", System.getProperty("os.version"));
        facts.put("kvm", kvmBackend());
        facts.put("accel", Files.exists(Path.of("/dev/kvm")) ? "kvm" : "none");
        facts.put("nested", Boolean.toString(cpu.contains(" hypervisor")));
        String governor = text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").strip();
        facts.put("governor", governor.isEmpty() ? "not shown" : governor);
        facts.put("huge-pages", find(CHOSEN, text("/sys/kernel/mm/transparent_hugepage/enabled")).orElse("unknown"));
        facts.put("python", python(interpreter));
        return facts;
    }

    /** Which module runs this host's guests: vmx, svm, pvm or none. */
    public static String kvmBackend() {
        return Stream.of("kvm_intel", "kvm_amd", "kvm_pvm").filter(module -> Files.exists(Path.of("/sys/module", module))).findFirst()
                .map(module -> switch (module) {
                    case "kvm_intel" -> "vmx";
                    case "kvm_amd" -> "svm";
                    default -> "pvm";
                }).orElse("none");
    }

    private static String python(Path interpreter) {
        try {
            return interpreter.toRealPath().getFileName().toString();
        } catch (IOException e) {
            return "none";
        }
    }

    private static Optional<String> find(Pattern pattern, String text) {
        Matcher match = pattern.matcher(text);
        return match.find() ? Optional.of(match.group(1)) : Optional.empty();
    }

    private static String text(String path) {
        Path file = Path.of(path);
        try {
            return Files.isReadable(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
