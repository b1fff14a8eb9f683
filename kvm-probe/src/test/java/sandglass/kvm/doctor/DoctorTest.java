package sandglass.kvm.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandglass.run.UnsupportedHereException;

class DoctorTest {

    @TempDir Path root;

    private final Map<String, Commands.Outcome> answers = new HashMap<>();
    private Optional<String> trial = Optional.empty();
    private final List<String> asked = new ArrayList<>();

    /** Programs say what the test has them say, by the beginning of their command line; others are not there. */
    private Commands.Outcome answer(List<String> command, int limitS) {
        String line = String.join(" ", command);
        asked.add(line);
        return answers.entrySet().stream().filter(entry -> line.startsWith(entry.getKey())).map(Map.Entry::getValue).findFirst()
                .orElse(new Commands.Outcome(Commands.NOT_RUN, "not found"));
    }

    private CloudKernel kernel() {
        return new CloudKernel(root.resolve("cache"), this::answer);
    }

    private List<Check> list(boolean isRoot) {
        return new Doctor(root, List.of(root.resolve("bin")), 17, 2, isRoot, this::answer,
                criu(), kernel(), () -> trial).checks();
    }

    private CriuProgram criu() {
        return new CriuProgram(List.of(root.resolve("bin/criu")), this::answer);
    }

    private Installer installer(boolean isRoot) {
        return new Installer(this::answer, kernel(), criu(), root.resolve("newer-criu"), isRoot);
    }

    private Map<String, Check> checks() {
        return list(answers.size() > 1).stream().collect(Collectors.toMap(Check::name, Function.identity()));
    }

    private void file(String path, String text) throws Exception {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private void program(String name) throws Exception {
        file("bin/" + name, "");
        Files.setPosixFilePermissions(root.resolve("bin/" + name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Oracle: a bare file system, which has nothing but Java and cores. */
    @Test void onABareHostEverythingIsMissingAndHasARemedy() {
        assertThat(checks().values()).filteredOn(check -> !List.of("java", "cores").contains(check.name()))
                .allSatisfy(check -> {
                    assertThat(check.present()).as(check.name()).isFalse();
                    assertThat(check.remedy()).as(check.name()).isNotBlank();
                });
        assertThat(checks().get("runc").remedy()).isEqualTo("sudo apt-get install -y runc");
    }

    /** Oracle: a file system with one of each. */
    @Test void onAFurnishedHostNothingIsMissing() throws Exception {
        for (String name : List.of("runc", "qemu-system-x86_64", "ip", "criu", "gcc", "mkfs.ext4", "../usr/bin/python3")) {
            program(name);
        }
        answers.put("unshare --net ip link add type veth", new Commands.Outcome(0, ""));
        answers.put(root + "/bin/criu check", new Commands.Outcome(0, "Looks good."));
        answers.put(root + "/bin/criu --version", new Commands.Outcome(0, "Version: 4.1"));
        file("cache/linux-image-6.1.0-1-cloud-amd64/boot/vmlinuz-6.1.0-1-cloud-amd64", "");
        file("cache/linux-image-6.1.0-1-cloud-amd64/complete", "");
        file("proc/sys/vm/unprivileged_userfaultfd", "0\n");
        file("proc/meminfo", "MemTotal:       16000000 kB\n");
        file("dev/kvm", "");
        trial = Optional.of("tcg, booted in 7.8 s");
        file("dev/net/tun", "");
        file("sys/module/kvm_pvm/x", "");
        file("sys/fs/cgroup/cgroup.controllers", "memory");
        file("sys/kernel/mm/ksm/run", "1\n");
        assertThat(checks().values()).allSatisfy(check -> assertThat(check.present()).as(check.name()).isTrue());
        assertThat(checks().get("kvm").found()).isEqualTo("/dev/kvm, kvm_pvm");
        assertThat(checks().get("ksm").found()).isEqualTo("run = 1");
        assertThat(checks().get("cgroup").found()).isEqualTo("version 2: memory");
        assertThat(checks().get("criu").found()).endsWith("bin/criu, 4.1");
        assertThat(checks().get("trial boot").found()).isEqualTo("tcg, booted in 7.8 s");
    }

    private static final Commands.Outcome TOO_OLD = new Commands.Outcome(1, """
            Error (criu/util.c:642): exited, status=1
            Error (criu/vdso.c:381): vdso: Unexpected rt vDSO area bounds
            Error (criu/crtools.c:260): Could not initialize kernel features detection.""");

    /** Oracle: what CRIU 3.17.1 says on Linux 6.18. */
    @Test void aCriuThatCannotWorkHereIsToldFromOneThatIsMissing() throws Exception {
        assertThat(checks().get("criu").packages()).containsExactly("criu");
        program("criu");
        answers.put(root + "/bin/criu check", TOO_OLD);
        assertThat(checks().get("criu")).satisfies(check -> {
            assertThat(check.present()).isFalse();
            assertThat(check.found()).contains("Unexpected rt vDSO area bounds");
            assertThat(check.remedy()).contains("newer-criu");
            assertThat(check.packages()).isEmpty();
        });
    }

    /** Oracle: the list of commands that apt-get(8) and dpkg(1) need for it, and nothing else. */
    @Test void installingRunsAptAndFetchesTheKernelAndOnlyThat() throws Exception {
        answers.put("apt-get", new Commands.Outcome(0, ""));
        answers.put("env DEBIAN_FRONTEND=noninteractive apt-get install", new Commands.Outcome(0, ""));
        answers.put("sh -c cd", new Commands.Outcome(0, ""));
        answers.put("apt-cache depends", new Commands.Outcome(0, "linux-image-cloud-amd64\n  Depends: linux-image-6.1.0-1-cloud-amd64\n"));
        List<Check> checks = list(true);
        asked.clear();
        List<String> said = new ArrayList<>();
        installer(true).install(checks, said::add);
        assertThat(said).containsExactly("apt-get update -q", "env DEBIAN_FRONTEND=noninteractive apt-get install -y -q"
                + " --no-install-recommends python3 runc criu qemu-system-x86 e2fsprogs iproute2",
                "apt-get download linux-image-6.1.0-1-cloud-amd64, unpacked, not installed");
        assertThat(asked).allMatch(line -> line.matches("(env \\S+ )?apt-(get|cache) .*|sh -c cd .*(apt-get download|dpkg -x).*"));
        assertThat(root.resolve("cache/linux-image-6.1.0-1-cloud-amd64/complete")).exists();
    }

    /** Oracle: the packaged CRIU's own words, after which another one is wanted; one that works, or fails for another reason, is left alone. */
    @Test void aCriuThatIsTooOldForThisKernelGetsANewerOneBesideIt() throws Exception {
        program("criu");
        Check installed = Check.installable("criu", "not on the PATH", "stack criu", "criu");
        answers.put("apt-get", new Commands.Outcome(0, ""));
        answers.put("env DEBIAN_FRONTEND=noninteractive apt-get install", new Commands.Outcome(0, ""));
        answers.put(root + "/newer-criu", new Commands.Outcome(0, "newer-criu: Looks good."));
        for (Commands.Outcome other : List.of(new Commands.Outcome(0, "Looks good."), new Commands.Outcome(1, "Error (x.c:1): not root"))) {
            answers.put(root + "/bin/criu check", other);
            installer(true).install(List.of(installed), line -> { });
            assertThat(asked).doesNotContain(root + "/newer-criu");
        }
        answers.put(root + "/bin/criu check", TOO_OLD);
        List<String> said = new ArrayList<>();
        installer(true).install(List.of(installed), said::add);
        assertThat(said).last().isEqualTo(root + "/newer-criu");
        assertThat(asked).last().isEqualTo(root + "/newer-criu");
        answers.put(root + "/newer-criu", new Commands.Outcome(3, "newer-criu: cannot fetch them"));
        assertThatThrownBy(() -> installer(true).install(List.of(installed), line -> { }))
                .isInstanceOf(UnsupportedHereException.class).hasMessageContaining("cannot fetch them");
    }

    /** Oracle: apt-get's exit code. */
    @Test void aFailedInstallationIsATypedAnswer() {
        answers.put("sudo -n apt-get", new Commands.Outcome(100, "E: Could not get lock"));
        answers.put("apt-get --version", new Commands.Outcome(0, "apt 2.6"));
        assertThatThrownBy(() -> installer(false).install(list(false), line -> { }))
                .isInstanceOf(UnsupportedHereException.class).hasMessageContaining("Could not get lock");
        answers.clear();
        assertThatThrownBy(() -> installer(false).install(list(false), line -> { }))
                .isInstanceOf(UnsupportedHereException.class).hasMessageContaining("no apt-get");
    }

    /** Oracle: /proc/cpuinfo of an AMD host. */
    @Test void theMissingKvmModuleIsTheCpusOwn() throws Exception {
        file("proc/cpuinfo", "flags : fpu svm lm\n");
        assertThat(checks().get("kvm").remedy()).startsWith("sudo modprobe kvm_amd");
    }

    @Test
    void aCriuThatItsUserNamesIsTakenOrNone() throws Exception {
        CriuProgram named = CriuProgram.named(root.resolve("bin/mine"), this::answer);
        assertThatThrownBy(named::find).isInstanceOf(UnsupportedHereException.class).hasMessageContaining("bin/mine is no program");
        program("mine");
        answers.put(root + "/bin/mine check", new Commands.Outcome(0, "Looks good."));
        assertThat(named.find()).isEqualTo(root.resolve("bin/mine"));
    }
}
