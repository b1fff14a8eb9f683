package sandglass.kvm.oci;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a function's container is made of: the config.json of a bundle (OCI runtime specification 1.0.2). Namespaces of its own for
 * processes, mounts, network, names and System V objects (and for control groups under version 2); no privilege of any kind; a root
 * that cannot be written, with memory file systems at /tmp and /etl.
 *
 * @param arguments     of its first process, the program first
 * @param environment   of its first process
 * @param root          directory that is its root
 * @param channel       directory of the host that is its /run
 * @param cgroup        its control group, from the root of each tree
 * @param memoryBytes   most memory, with page cache and its memory file systems; swap included
 * @param cpus          how many cores' time it may use
 * @param hostName      what it calls itself
 */
public record ContainerSpec(List<String> arguments, Map<String, String> environment, Path root, Path channel, String cgroup,
        long memoryBytes, double cpus, String hostName) {

    /** Most processes and threads. */
    static final int MOST_PROCESSES = 64;
    private static final int MOST_FILES = 1024;
    private static final int NOBODY = 65534;
    private static final int CPU_PERIOD_US = 100_000;

    public ContainerSpec {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** The text of config.json. */
    public String json(boolean cgroupVersion2) {
        String process = "\"process\": {\"terminal\": false, \"user\": {\"uid\": " + NOBODY + ", \"gid\": " + NOBODY + "}, \"args\": "
                + list(arguments)
                + ", \"env\": " + list(environment.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).sorted().toList())
                + ", \"cwd\": \"/\", \"capabilities\": {}, \"noNewPrivileges\": true, \"rlimits\": [" + limit("RLIMIT_NOFILE", MOST_FILES) + ", "
                + limit("RLIMIT_CORE", 0) + "]}";
        long fileBytes = memoryBytes / 2;
        String mounts = "\"mounts\": [" + mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")) + ",\n"
                + mount("/dev", "tmpfs", "tmpfs", List.of("nosuid", "noexec", "mode=755", "size=64k")) + ",\n"
                + mount("/tmp", "tmpfs", "tmpfs", memoryFiles(fileBytes)) + ",\n" + mount("/etl", "tmpfs", "tmpfs", memoryFiles(fileBytes)) + ",\n"
                + mount("/run", "none", channel.toString(), List.of("bind", "nosuid", "noexec", "nodev", "ro")) + "]";
        String resources = "\"resources\": {\"devices\": [{\"allow\": false, \"access\": \"rwm\"}], \"memory\": {\"limit\": " + memoryBytes
                + ", \"swap\": " + memoryBytes + "}, \"cpu\": {\"quota\": " + Math.round(cpus * CPU_PERIOD_US) + ", \"period\": " + CPU_PERIOD_US
                + "}, \"pids\": {\"limit\": " + MOST_PROCESSES + "}}";
        String namespaces = "{\"type\": \"pid\"}, {\"type\": \"ipc\"}, {\"type\": \"uts\"}, {\"type\": \"mount\"}, {\"type\": \"network\"}"
                + (cgroupVersion2 ? ", {\"type\": \"cgroup\"}" : "");
        return "{\"ociVersion\": \"1.0.2\", " + process + ",\n\"root\": {\"path\": " + quote(root.toString())
                + ", \"readonly\": true}, \"hostname\": "
                + quote(hostName) + ",\n" + mounts + ",\n\"linux\": {\"cgroupsPath\": " + quote(cgroup) + ", " + resources + ",\n\"namespaces\": ["
                + namespaces + "],\n\"maskedPaths\": " + list(List.of("/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug",
                "/proc/acpi", "/proc/scsi")) + ", \"readonlyPaths\": " + list(List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                "/proc/sysrq-trigger")) + ",\n\"seccomp\": " + Seccomp.json() + "}}\n";
    }

    private static List<String> memoryFiles(long bytes) {
        return List.of("nosuid", "nodev", "mode=1777", "size=" + bytes);
    }

    private static String limit(String name, int value) {
        return "{\"type\": \"" + name + "\", \"hard\": " + value + ", \"soft\": " + value + "}";
    }

    private static String mount(String at, String type, String source, List<String> options) {
        return "{\"destination\": " + quote(at) + ", \"type\": " + quote(type) + ", \"source\": " + quote(source) + ", \"options\": " + list(options)
                + "}";
    }

    private static String list(List<String> texts) {
        return texts.stream().map(ContainerSpec::quote).collect(Collectors.joining(", ", "[", "]"));
    }

    /** A text as JSON; RFC 8259, section 7. */
    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
