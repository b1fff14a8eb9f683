package sandglass.kvm.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of the host. */
@FunctionalInterface
interface Commands {

    /** Exit code of a program that could not be run, or did not end in time. */
    int NOT_RUN = 127;

    /**
     * What a program did.
     *
     * @param said on both of its outputs, without the last line break
     */
    record Outcome(int exitCode, String said) {

        boolean succeeded() {
            return exitCode == 0;
        }

        /** The last line of what it said. */
        String lastLine() {
            return said.substring(said.lastIndexOf('\n') + 1);
        }
    }

    Outcome run(List<String> command, int limitS);

    default Outcome run(int limitS, String... command) {
        return run(List.of(command), limitS);
    }

    /** Those of this host, with nothing on their input. */
    static Commands ofThisHost() {
        return (command, limitS) -> {
            try {
                Path said = Files.createTempFile("sandglass", ".txt");
                try {
                    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile())
                            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
                    if (!process.waitFor(limitS, TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                        return new Outcome(NOT_RUN, "no end after " + limitS + " s");
                    }
                    return new Outcome(process.exitValue(), Files.readString(said).strip());
                } finally {
                    Files.delete(said);
                }
            } catch (IOException e) {
                return new Outcome(NOT_RUN, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Outcome(NOT_RUN, "interrupted");
            }
        };
    }
}
