package sandglass.kvm.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sandglass.kvm.sys.Linux.Access;

/** Oracle: what a shell says of itself, and the kernel through /proc. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ChildProcessTest {

    @Test
    void aProgramGetsItsArgumentsItsEnvironmentAndNothingElse() throws IOException {
        // A descriptor that is not closed on exec is what a library may leave: it must not come through either.
        try (Fd open = Linux.open("/dev/zero", Access.READ_ONLY);
                ChildProcess child = shell("read line; echo \"$line $1 $NAME $# $(pwd)\"; echo error >&2; echo /proc/self/fd/*", "one argument")) {
            assertThat(open.number()).isPositive();
            child.input().write("hello\n".getBytes(StandardCharsets.UTF_8));
            BufferedReader answers = new BufferedReader(new InputStreamReader(child.output(), StandardCharsets.UTF_8));
            assertThat(answers.readLine()).isEqualTo("hello one argument välue 1 /");
            // The shell expands the pattern itself: one more descriptor is that of the directory which it reads.
            assertThat(answers.readLine().split(" ")).hasSizeLessThanOrEqualTo(4).startsWith("/proc/self/fd/0", "/proc/self/fd/1", "/proc/self/fd/2");
            assertThat(answers.readLine()).isNull();
        }
    }

    @Test
    void itLeadsAGroupThatEndsWithIt() throws IOException {
        ChildProcess child = shell("sleep 1000 & echo $!; wait");
        BufferedReader answers = new BufferedReader(new InputStreamReader(child.output(), StandardCharsets.UTF_8));
        long grandchild = Long.parseLong(answers.readLine());
        assertThat(group(child.pid())).isEqualTo(child.pid());
        assertThat(group(grandchild)).isEqualTo(child.pid());
        child.close();
        assertThat(Path.of("/proc/" + child.pid())).doesNotExist();
        assertThat(ended(grandchild)).isTrue();
        child.kill();
        child.close();
    }

    @Test
    void whatCannotBeStartedIsSaidAndLeavesNothingOpen() throws IOException {
        startsAndFails();  // What is loaded for the first time may stay open.
        long before = descriptors();
        startsAndFails();
        assertThat(descriptors()).isEqualTo(before);
    }

    @Test
    void theCLibraryOfThisHostCanStartIt() {
        assertThat(ChildProcess.isSupported()).isTrue();
    }

    private static void startsAndFails() {
        assertThatThrownBy(() -> ChildProcess.start(List.of("/no/such/program"), Map.of()))
                .isInstanceOf(SystemCallException.class).hasMessage("posix_spawn on /no/such/program: ENOENT");
        shell("exit 3").close();
    }

    private static ChildProcess shell(String... scriptAndArguments) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", scriptAndArguments[0], "sh"));
        command.addAll(List.of(scriptAndArguments).subList(1, scriptAndArguments.length));
        return ChildProcess.start(command, Map.of("NAME", "välue", "PATH", "/usr/bin:/bin"));
    }

    private static long descriptors() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    /** The process group, which is the third field after the name, proc(5). */
    private static long group(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[2]);
    }

    /** Whether it has ended: somebody else has still to wait for it. */
    private static boolean ended(long pid) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < deadline) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) == 'Z') {
                    return true;
                }
            } catch (IOException gone) {
                return true;
            }
        }
        return false;
    }
}
