package sandglass.kvm.lean;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import sandglass.kvm.leftovers.Entry;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.leftovers.Kind;
import sandglass.kvm.sys.Linux;

/**
 * What lean containers of one stack share on the host: a directory, with the sockets by which they are reached and by which they reach
 * the world, and the program that takes them from the host's root to the image's.
 */
public final class LeanHome {

    static final String CHANNEL = "channel";
    private static final String GATE = "gate";
    private static final String PROGRAM = "lean.py";
    private static final Path RUN = Path.of("/run");
    private static final Path HOST_PYTHON = Path.of("/usr/bin/python3");

    private final Path directory;
    private final Path root;
    private final String interpreter;
    private final String filter;
    private final String token;
    private final Journal journal;
    private Entry mount;

    /**
     * Makes the directory.
     *
     * @param root        of the image
     * @param interpreter its path in the image
     * @param runner      source of the program that serves functions
     * @param filter      see {@link SeccompFilter}
     */
    public LeanHome(Journal journal, Path root, String interpreter, String runner, String filter) {
        this.root = root;
        this.interpreter = interpreter;
        this.filter = filter;
        this.journal = journal;
        token = journal.addProcess().name();
        directory = RUN.resolve(journal.name("sgl"));
        journal.add(Kind.DIRECTORY, directory.toString());
        try {
            for (Path one : List.of(directory, point(), channels(), run(), devices())) {
                Files.createDirectory(one, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            for (Path seen : List.of(run(), devices())) {
                Files.setPosixFilePermissions(seen, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            Files.writeString(directory.resolve("runner.py"), runner);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
    }

    Path point() {
        return directory.resolve("point");
    }

    private Path channels() {
        return directory.resolve("channels");
    }

    /** What is /dev inside. */
    public Path devices() {
        return directory.resolve("dev");
    }

    Path run() {
        return directory.resolve("run");
    }

    /** All that they share on the host's disk. */
    public Path directory() {
        return directory;
    }

    /** Where the programs' messages go. */
    public Path log() {
        return directory.resolve("log");
    }

    /** The path, inside, of the socket by which functions reach the world. */
    public static String gate() {
        return "/run/" + GATE;
    }

    /** Listens where containers come to be given functions; only the program that makes them can see it. */
    public ServerSocketChannel listenForContainers() {
        return listen(channels().resolve(CHANNEL), "rw-------");
    }

    /** Listens where functions come to reach the world. */
    public ServerSocketChannel listenForFunctions() {
        return listen(run().resolve(GATE), "rw-rw-rw-");
    }

    private static ServerSocketChannel listen(Path path, String permissions) {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
            return listener;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at " + path, e);
        }
    }

    /**
     * Starts a program inside.
     *
     * @param role      zygote or alone, see lean.py
     * @param fileBytes of /tmp and of /etl each
     * @param arguments of the runner
     */
    public Process enter(String role, long fileBytes, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(HOST_PYTHON.toString(), "-I", "-S", "-B", "-c", program(), "enter-" + role,
                "root=" + root, "python=" + interpreter, "point=" + point(), "run=" + run(), "devices=" + devices(), "channels=" + channels(),
                "runner=" + directory.resolve("runner.py"), "filter=" + filter, "files=" + fileBytes));
        arguments.forEach(argument -> command.add("argument=" + argument));
        return start(command, Map.of("PATH", "/usr/bin", "HOME", "/tmp", "LANG", "C.UTF-8", "LEAN_PROGRAM", program()));
    }

    /** Starts a program of the host that is ended with what is inside; what it says goes into the log. */
    public Process command(List<String> command) {
        return start(command, Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
    }

    private Process start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put(Journal.TOKEN, token);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    /**
     * Makes a /run with a socket for one container, and the way to the world.
     *
     * @param own directory for what this container has on disk
     */
    public Waiting waitIn(Path own) throws IOException {
        Path inside = Files.createDirectory(own.resolve("run"));
        Files.setPosixFilePermissions(inside, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createLink(inside.resolve(GATE), run().resolve(GATE));
        return new Waiting(inside, listen(inside.resolve(CHANNEL), "rw-------"));
    }

    /** Makes the image's root a mount of the host's, which CRIU wants. */
    public void mountRoot() throws IOException {
        mount = journal.add(Kind.MOUNT, point().toString());
        Process process = command(List.of("sh", "-c", "mount --bind \"$1\" \"$2\" && mount --make-private \"$2\"", "sh", root.toString(),
                point().toString()));
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("cannot mount " + root + ": " + said());
        }
    }

    /** Where {@link #mountRoot} mounts it. */
    public Path mountedRoot() {
        return point();
    }

    /** Ends that mount. */
    public void unmountRoot() {
        if (mount != null) {
            Linux.unmount(point().toString());
            mount.done();
        }
    }

    /** Takes a directory below this one away. */
    public void remove(Path own) {
        if (!own.startsWith(directory)) {
            throw new IllegalArgumentException(own + " is not in " + directory);
        }
        try (Stream<Path> all = Files.walk(own)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + own, e);
        }
    }

    /** What the programs said last, for messages. */
    public String said() {
        try {
            String text = Files.readString(log(), StandardCharsets.UTF_8).strip();
            return text.substring(text.lastIndexOf('\n') + 1);
        } catch (IOException e) {
            return "nothing";
        }
    }

    private static String program() {
        try (InputStream stream = Objects.requireNonNull(LeanHome.class.getResourceAsStream(PROGRAM), PROGRAM)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + PROGRAM, e);
        }
    }
}
