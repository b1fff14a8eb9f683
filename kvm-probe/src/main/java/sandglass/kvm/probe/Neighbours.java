package sandglass.kvm.probe;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sandglass.kvm.leftovers.Journal;
import sandglass.run.UnsupportedHereException;

/** Processes of the host that compute without an end, at the priority of everything else, for as long as a run lasts. */
final class Neighbours implements AutoCloseable {

    private static final String COMPUTE = "while True: pass";

    private final Journal journal;
    private final List<Process> processes = new ArrayList<>();

    private Neighbours(Journal journal) {
        this.journal = journal;
    }

    /**
     * Starts so many, in a journal of their own, so that none outlives this program.
     *
     * @throws UnsupportedHereException if there is no place for the journal, or the host starts no process
     */
    static Neighbours start(int count, Path interpreter) throws UnsupportedHereException {
        Neighbours neighbours = new Neighbours(count == 0 ? null : Journal.open());
        try {
            for (int i = 0; i < count; i++) {
                neighbours.processes.add(neighbours.launch(interpreter));
            }
        } catch (IOException e) {
            neighbours.close();
            throw new UnsupportedHereException("cannot start " + interpreter + ": " + e.getMessage(), "sudo apt-get install -y python3");
        }
        return neighbours;
    }

    private Process launch(Path interpreter) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(interpreter.toString(), "-I", "-S", "-c", COMPUTE);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin", "HOME", "/", "LANG", "C.UTF-8", Journal.TOKEN, journal.addProcess().name()));
        return builder.directory(new File("/")).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** How many of them still compute. */
    long alive() {
        return processes.stream().filter(Process::isAlive).count();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        try {
            for (Process process : processes) {
                process.waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (journal != null) {
            journal.close();
        }
    }
}
