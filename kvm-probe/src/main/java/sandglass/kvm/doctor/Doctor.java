package sandglass.kvm.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sandglass.run.UnsupportedHereException;

/** Looks at a host through its file system, and lets programs try where looking does not tell. */
public final class Doctor {

    static final String KERNEL = "cloud kernel";
    static final String CRIU = "criu";

    private static final String TRIAL_BOOT = "trial boot";
    private static final String TRIAL_REMEDY = "./sandglass invoke workloads/functions/word_count.py --stack vm --event"
            + " '{\"input\": \"${server}/etl/word_count/7/100\", \"output\": \"${server}/out\", \"top\": 1}'";
    private static final String PROBE_ALL = "every real stack";
    private static final long LEAST_MEMORY_KB = 2L << 20;
    private static final int LEAST_JAVA = 17;
    private static final Pattern MEMORY_KB = Pattern.compile("MemTotal:\\s+(\\d+) kB");

    private final Path root;
    private final List<Path> searchPath;
    private final int javaVersion;
    private static final int TRIAL_LIMIT_S = 20;

    private final int cores;
    private final boolean isRoot;
    private final Commands commands;
    private final CriuProgram criu;
    private final CloudKernel kernel;
    private final Supplier<Optional<String>> trial;

    /**
     * @param root of the file system, {@code /} on a real host
     * @param searchPath directories in which programs are looked for
     * @param trial what a trial boot of a virtual machine found, if there was one
     */
    Doctor(Path root, List<Path> searchPath, int javaVersion, int cores, boolean isRoot, Commands commands, CriuProgram criu,
            CloudKernel kernel, Supplier<Optional<String>> trial) {
        this.trial = trial;
        this.root = root;
        this.isRoot = isRoot;
        this.commands = commands;
        this.criu = criu;
        this.kernel = kernel;
        this.searchPath = List.copyOf(searchPath);
        this.javaVersion = javaVersion;
        this.cores = cores;
    }

    /**
     * The doctor of the host that this runs on.
     *
     * @param trial what a trial boot of a virtual machine found, if there was one
     */
    public static Doctor ofThisHost(Supplier<Optional<String>> trial) {
        return new Doctor(Path.of("/"), searchPathOfThisHost(), Runtime.version().feature(), Runtime.getRuntime().availableProcessors(),
                isRoot(), Commands.ofThisHost(), CriuProgram.ofThisHost(), CloudKernel.ofThisUser(), trial);
    }

    static List<Path> searchPathOfThisHost() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/sbin";
        return Stream.of(path.split(":")).filter(part -> !part.isEmpty()).distinct().map(Path::of).toList();
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Every check, in the order in which a user would want things. */
    public List<Check> checks() {
        return List.of(java(), memory(), Check.present("cores", Integer.toString(cores), "speed: one run a core"),
                debianPython(), kvm(), root(),
                program("runc", "runc", "stack container"), cgroup(), criu(),
                program("qemu-system-x86_64", "qemu-system-x86", "stack vm"), kernel(), trialBoot(),
                program("mkfs.ext4", "e2fsprogs", "disks of stack vm"),
                device("dev/net/tun", "tap", "networks of stacks vm and container", "sudo modprobe tun"),
                program("ip", "iproute2", "networks of stacks vm and container"), veth(), samepageMerging(), userfaultfd(),
                compiler());
    }

    private Check debianPython() {
        Path python = root.resolve("usr/bin/python3");
        return Files.isExecutable(python) ? Check.present("python3", python.toString(), PROBE_ALL)
                : Check.installable("python3", "no " + python, PROBE_ALL, "python3");
    }

    private Check root() {
        String neededBy = "stacks container, zygote, criu; taps of stack vm";
        return isRoot ? Check.present("root", "yes", neededBy) : Check.missing("root", "no", neededBy, "run it by sudo");
    }

    private Check criu() {
        String neededBy = "stack criu";
        try {
            Path program = criu.find();
            return Check.present(CRIU, program + ", " + criu.version(program), neededBy);
        } catch (UnsupportedHereException e) {
            return e.remedy().equals("sudo apt-get install -y criu") ? Check.installable(CRIU, e.getMessage(), neededBy, CRIU)
                    : Check.missing(CRIU, e.getMessage(), neededBy, e.remedy());
        }
    }

    private Check kernel() {
        String neededBy = "stack vm";
        Optional<Path> found = kernel.find();
        if (found.isPresent()) {
            return Check.present(KERNEL, found.get().getFileName().toString(), neededBy);
        }
        return kernel.available().map(name -> Check.missing(KERNEL, name + " is not fetched", neededBy, "./sandglass doctor --install"))
                .orElseGet(() -> Check.missing(KERNEL, "not fetched, and no package archive that knows it", neededBy,
                        "sudo apt-get update, on Debian, then ./sandglass doctor --install"));
    }

    /** What the stack found when it first ran here: booting takes too long for a list of what is there. */
    private Check trialBoot() {
        String neededBy = "stack vm";
        return trial.get().map(found -> Check.present(TRIAL_BOOT, found, neededBy)).orElseGet(() -> Check.missing(TRIAL_BOOT,
                "not made yet: whether KVM runs a stock kernel shows only then", neededBy, TRIAL_REMEDY));
    }

    /** In a network namespace of its own, so that nothing is left. */
    private Check veth() {
        String neededBy = "networks of stack container";
        Commands.Outcome outcome = commands.run(TRIAL_LIMIT_S, "unshare", "--net", "ip", "link", "add", "type", "veth");
        return outcome.succeeded() ? Check.present("veth", "a pair could be made", neededBy)
                : Check.missing("veth", outcome.lastLine(), neededBy, isRoot ? "sudo modprobe veth" : "run it by sudo");
    }

    /** Nobody needs it, so nobody gets it unasked. */
    private Check compiler() {
        Check found = program("gcc", "gcc", "nothing; comparing with programs in C");
        return found.present() ? found : Check.missing(found.name(), found.found(), found.neededBy(), found.remedy());
    }

    private Check userfaultfd() {
        String neededBy = "nothing yet; restoring memory on demand";
        Path file = root.resolve("proc/sys/vm/unprivileged_userfaultfd");
        return Files.exists(file) ? Check.present("userfaultfd", "for " + (text("proc/sys/vm/unprivileged_userfaultfd").strip().equals("1")
                ? "everybody" : "root"), neededBy)
                : Check.missing("userfaultfd", "the kernel was built without it", neededBy, "boot a kernel with CONFIG_USERFAULTFD=y");
    }

    private Check java() {
        return javaVersion >= LEAST_JAVA ? Check.present("java", Integer.toString(javaVersion), "everything")
                : Check.missing("java", javaVersion + ", older than " + LEAST_JAVA, "everything", "sudo apt-get install -y openjdk-17-jdk-headless");
    }

    private Check memory() {
        Matcher match = MEMORY_KB.matcher(text("proc/meminfo"));
        if (!match.find()) {
            return Check.missing("memory", "unknown: no MemTotal in /proc/meminfo", "everything", "run on Linux with /proc mounted");
        }
        long totalKb = Long.parseLong(match.group(1));
        String found = String.format("%.1f GiB", totalKb / (double) (1 << 20));
        return totalKb >= LEAST_MEMORY_KB ? Check.present("memory", found, "everything")
                : Check.missing("memory", found + ", less than 2 GiB", "everything", "use a host with at least 2 GiB");
    }

    private Check program(String program, String aptPackage, String neededBy) {
        Optional<Path> found = searchPath.stream().map(directory -> directory.resolve(program)).filter(Files::isExecutable).findFirst();
        return found.map(path -> Check.present(program, path.toString(), neededBy))
                .orElseGet(() -> Check.installable(program, "not on the PATH", neededBy, aptPackage));
    }

    private Check kvm() {
        String neededBy = "stack usetl; stack vm without emulation";
        Path device = root.resolve("dev/kvm");
        if (!Files.exists(device)) {
            String cpu = text("proc/cpuinfo");
            String module = cpu.contains(" svm") ? "kvm_amd" : cpu.contains(" vmx") ? "kvm_intel" : "kvm";
            String why = module.equals("kvm") ? "no /dev/kvm, and the CPU shows neither vmx nor svm" : "no /dev/kvm";
            return Check.missing("kvm", why, neededBy, "sudo modprobe " + module + " (inside a VM: let its host enable nested virtualization)");
        }
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            return Check.missing("kvm", "/dev/kvm is there but this user may not open it", neededBy, "sudo usermod -aG kvm $USER, then log in again");
        }
        return Check.present("kvm", "/dev/kvm, " + backend(), neededBy);
    }

    private String backend() {
        return Stream.of("kvm_intel", "kvm_amd", "kvm_pvm").filter(module -> Files.exists(root.resolve("sys/module/" + module)))
                .findFirst().orElse("backend unknown");
    }

    private Check cgroup() {
        String neededBy = "limits of stack container";
        if (Files.exists(root.resolve("sys/fs/cgroup/cgroup.controllers"))) {
            return Check.present("cgroup", "version 2: " + text("sys/fs/cgroup/cgroup.controllers").strip(), neededBy);
        }
        return Files.exists(root.resolve("sys/fs/cgroup/memory")) ? Check.present("cgroup", "version 1", neededBy)
                : Check.missing("cgroup", "not mounted", neededBy, "sudo mount -t cgroup2 none /sys/fs/cgroup");
    }

    private Check device(String path, String name, String neededBy, String remedy) {
        Path device = root.resolve(path);
        if (!Files.exists(device)) {
            return Check.missing(name, "no /" + path, neededBy, remedy);
        }
        return Files.isWritable(device) ? Check.present(name, "/" + path, neededBy)
                : Check.missing(name, "/" + path + " is there but this user may not open it", neededBy, "run the probe as root");
    }

    private Check samepageMerging() {
        String neededBy = "measuring memory shared by scanning";
        return Files.exists(root.resolve("sys/kernel/mm/ksm/run"))
                ? Check.present("ksm", "run = " + text("sys/kernel/mm/ksm/run").strip(), neededBy)
                : Check.missing("ksm", "the kernel was built without CONFIG_KSM", neededBy, "boot a kernel with CONFIG_KSM=y");
    }

    /** The text of a file, empty if it cannot be read: then what it would have shown counts as absent. */
    private String text(String path) {
        Path file = root.resolve(path);
        try {
            return Files.isReadable(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
