package sandglass.kvm.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import sandglass.kvm.leftovers.Entry;
import sandglass.kvm.leftovers.Journal;
import sandglass.run.UnsupportedHereException;

/**
 * The reference runtime for containers, by its command line: no daemon. Safe for use by several threads.
 *
 * @param program the runtime
 * @param root    where it keeps what it knows of its containers
 * @param journal answers for a command that is running when this process is killed
 */
public record Runc(Path program, Path root, Journal journal) {

    private static final long LIMIT_S = 60;
    private static final List<Path> PLACES = Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/sbin", "/bin").map(Path::of)
            .toList();

    /** A command that failed, with what it said. */
    public static final class RuncException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RuncException(String message) {
            super(message);
        }
    }

    /**
     * Finds the runtime.
     *
     * @throws UnsupportedHereException if there is none
     */
    public static Path find() throws UnsupportedHereException {
        return PLACES.stream().map(place -> place.resolve("runc")).filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new UnsupportedHereException("no runc in " + PLACES, "sudo apt-get install -y runc"));
    }

    /**
     * Makes a container: namespaces, control groups, mounts; its first process waits. What that writes goes into the log.
     *
     * @param bundle directory with config.json
     * @param log    gets the runtime's messages, and all output of the container
     * @return the number of the first process
     */
    public long create(String id, Path bundle, Path log) {
        Path pidFile = bundle.resolve("pid");
        Entry entry = journal.addProcess();
        try {
            run(Optional.of(entry), log, "create", "--bundle", bundle.toString(), "--pid-file", pidFile.toString(), "--no-new-keyring", id);
            return Long.parseLong(Files.readString(pidFile).strip());
        } catch (IOException | NumberFormatException e) {
            throw new RuncException("runc create left no process number: " + e);
        } finally {
            entry.done();
        }
    }

    /** Lets the first process go on to its program. */
    public void start(String id, Path log) {
        run(Optional.empty(), log, "start", id);
    }

    /** Stops all processes where they are, by the freezer. */
    public void pause(String id, Path log) {
        run(Optional.empty(), log, "pause", id);
    }

    /** Lets them go on. */
    public void resume(String id, Path log) {
        run(Optional.empty(), log, "resume", id);
    }

    /** Takes away what is left of a container whose processes have ended. */
    public void delete(String id, Path log) {
        run(Optional.empty(), log, "delete", id);
    }

    /** Kills a container and takes it away; no failure if there is none. */
    public void deleteByForce(String id, Path log) {
        run(Optional.empty(), log, "delete", "--force", id);
    }

    private void run(Optional<Entry> entry, Path log, String... words) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--root", root.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        entry.ifPresent(known -> builder.environment().put(Journal.TOKEN, known.name()));
        Process process = null;
        try {
            process = builder.start();
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                throw new RuncException("runc " + words[0] + " does not end after " + LIMIT_S + " s");
            }
            if (process.exitValue() != 0) {
                throw new RuncException("runc " + words[0] + " ended with " + process.exitValue() + ": " + tail(log));
            }
        } catch (IOException e) {
            throw new RuncException("runc " + words[0] + " cannot be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuncException("runc " + words[0] + " was interrupted");
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    /** The end of a log, for messages. */
    public static String tail(Path log) {
        final int most = 2000;
        try {
            String text = Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1).strip();
            return text.isEmpty() ? "(nothing in its log)" : text.substring(Math.max(0, text.length() - most));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}
