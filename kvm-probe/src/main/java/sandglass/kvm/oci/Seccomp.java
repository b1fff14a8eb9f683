package sandglass.kvm.oci;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which system calls a function's container may make (seccomp(2)). */
public final class Seccomp {

    private static final String RESOURCE = "seccomp.txt";
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    private Seccomp() {
    }

    /** Their names. */
    public static List<String> allowed() {
        try (InputStream stream = Seccomp.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("this program was built without its resource " + RESOURCE);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Stream.of(line.substring(line.indexOf(':') + 1).strip().split(" "))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + RESOURCE, e);
        }
    }

    /** As the runtime's configuration wants it. */
    static String json() {
        String names = allowed().stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        return "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": " + EPERM + ", "
                + "\"architectures\": [\"SCMP_ARCH_X86_64\"], \"syscalls\": ["
                + "{\"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": " + ENOSYS + "},\n"
                + "{\"names\": [" + names + "], \"action\": \"SCMP_ACT_ALLOW\"}]}";
    }
}
