package sandglass.kvm.stack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import sandglass.kvm.lean.ControlGroups;
import sandglass.kvm.lean.LeanHome;
import sandglass.kvm.lean.Waiting;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.run.UnsupportedHereException;

/**
 * Copies of one checkpointed interpreter, restored by CRIU: new processes with the same memory, behind new namespaces. CRIU itself
 * runs in the copy's control groups, so that the copy is born there.
 */
final class CriuNursery implements Nursery {

    private static final byte READY = 'S';
    private static final long LIMIT_S = 60;

    private final LeanHome home;
    private final Path criu;
    private final Path images;
    private final List<String> networkLock;
    private final AtomicInteger restored = new AtomicInteger();

    /**
     * Warms an interpreter, checkpoints it, and restores it once for trial.
     *
     * @param arguments of the runner
     * @throws UnsupportedHereException if CRIU cannot do that on this host, with what it says
     */
    CriuNursery(LeanHome home, Path criu, long fileBytes, List<String> arguments) throws UnsupportedHereException {
        this.home = home;
        this.criu = criu;
        images = home.directory().resolve("images");
        try {
            networkLock = List.of("--network-lock", said("--version").startsWith("Version: 3.") ? "nftables" : "skip");
            Files.createDirectory(images);
            long pid = warm(fileBytes, arguments);
            List<String> command = new ArrayList<>(List.of(criu.toString(), "dump", "--tree", Long.toString(pid), "--images-dir",
                    images.toString(), "--log-file", "dump.log", "--external", "mnt[/run]:run", "--external", "mnt[/dev]:dev"));
            command.addAll(common());
            run(command, images.resolve("dump.log"));
            home.mountRoot();
        } catch (IOException e) {
            throw new UnsupportedHereException("CRIU cannot checkpoint a container on this host: " + e.getMessage(),
                    "kvm-probe/newer-criu gets a newer one; SANDGLASS_CRIU=PROGRAM names another; the stack 'zygote' needs none");
        }
    }

    /** The number of a process that is ready to be checkpointed. */
    private long warm(long fileBytes, List<String> arguments) throws IOException {
        Process parent = home.enter("alone", fileBytes, arguments);
        byte[] answer = parent.getInputStream().readAllBytes();
        if (answer.length != Integer.BYTES + 1 || answer[Integer.BYTES] != READY) {
            throw new IOException("the interpreter did not come to wait: " + home.said());
        }
        return ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    /** Shared by checkpoint and restore: groups are the caller's, the network namespace has nothing to be saved. */
    private List<String> common() {
        List<String> options = new ArrayList<>(List.of("-v1", "--manage-cgroups=ignore", "--empty-ns", "net"));
        options.addAll(networkLock);
        return options;
    }

    @Override
    public Begun begin(ControlGroups groups, StepClock making) throws IOException {
        making.ended("control-group");
        Path own = Files.createDirectory(home.directory().resolve("copy" + restored.getAndIncrement()));
        try (Waiting waiting = home.waitIn(own)) {
            // The shell puts itself into the groups, then becomes CRIU.
            List<String> command = new ArrayList<>(List.of("sh", "-c",
                    "while [ \"$1\" != -- ]; do echo $$ > \"$1\" || exit 1; shift; done; shift; exec \"$@\"", "sh"));
            groups.processFiles().forEach(file -> command.add(file.toString()));
            command.addAll(List.of("--", criu.toString(), "restore", "--images-dir", images.toString(), "--work-dir", own.toString(),
                    "--log-file", "restore.log", "--restore-detached", "--root", home.mountedRoot().toString(), "--external",
                    "mnt[run]:" + waiting.run(), "--external", "mnt[dev]:" + home.devices(), "--pidfile", own.resolve("pid").toString()));
            command.addAll(common());
            run(command, own.resolve("restore.log"));
            long pid = Long.parseLong(Files.readString(own.resolve("pid")).strip());
            making.watchNew(pid);
            SocketChannel connection = waiting.accept(LIMIT_S);
            if (connection == null) {
                Linux.process(pid).ifPresent(CriuNursery::kill);
                throw new IOException("the restored process " + pid + " does not come to wait");
            }
            making.ended("restore");
            return new Begun(pid, connection, () -> home.remove(own));
        } catch (IOException e) {
            home.remove(own);
            throw e;
        }
    }

    private static void kill(Fd process) {
        Linux.kill(process);
        process.close();
    }

    private void run(List<String> command, Path log) throws IOException {
        Process process = home.command(command);
        try {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                throw new IOException(criu + " does not end after " + LIMIT_S + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException(criu + " ended with " + process.exitValue() + ": " + complaint(log));
        }
    }

    /** The first error but that of a limit that a confined root may not raise, which does no harm. */
    private String complaint(Path log) throws IOException {
        String text = Files.exists(log) ? Files.readString(log) : "";
        return text.lines().filter(line -> line.contains("Error") && !line.contains("rlimit: Can't setup")).findFirst().orElseGet(home::said);
    }

    private String said(String option) throws IOException {
        Process process = new ProcessBuilder(criu.toString(), option).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        home.unmountRoot();
    }
}
