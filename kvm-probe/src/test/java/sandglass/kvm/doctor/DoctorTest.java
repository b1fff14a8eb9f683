package sandglass.kvm.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

    @TempDir Path root;

    private Map<String, Check> checks() {
        return new Doctor(root, List.of(root.resolve("bin")), 17, 2).checks().stream().collect(Collectors.toMap(Check::name, Function.identity()));
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
        for (String name : List.of("python3", "runc", "qemu-system-x86_64", "ip")) {
            program(name);
        }
        file("proc/meminfo", "MemTotal:       16000000 kB\n");
        file("dev/kvm", "");
        file("dev/net/tun", "");
        file("sys/module/kvm_pvm/x", "");
        file("sys/fs/cgroup/cgroup.controllers", "memory");
        file("sys/kernel/mm/ksm/run", "1\n");
        assertThat(checks().values()).allSatisfy(check -> assertThat(check.present()).as(check.name()).isTrue());
        assertThat(checks().get("kvm").found()).isEqualTo("/dev/kvm, kvm_pvm");
        assertThat(checks().get("ksm").found()).isEqualTo("run = 1");
        assertThat(checks().get("cgroup").found()).isEqualTo("version 2");
    }

    /** Oracle: /proc/cpuinfo of an AMD host. */
    @Test void theMissingKvmModuleIsTheCpusOwn() throws Exception {
        file("proc/cpuinfo", "flags : fpu svm lm\n");
        assertThat(checks().get("kvm").remedy()).startsWith("sudo modprobe kvm_amd");
    }
}
