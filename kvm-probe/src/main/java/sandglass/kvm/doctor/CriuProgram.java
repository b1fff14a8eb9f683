package sandglass.kvm.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sandglass.run.UnsupportedHereException;

/**
 * A CRIU that works on this host's kernel, which is found out by letting it check: the one named in {@code SANDGLASS_CRIU}, the one
 * that {@code newer-criu} fetched, the one on the PATH.
 */
public final class CriuProgram {

    /** What to do about a CRIU that is older than this host's kernel. */
    static final String NEWER = "./sandglass doctor --install, which runs kvm-probe/newer-criu (CRIU older than 4.1 does not know the processes of"
            + " Linux 6.13 and later), or SANDGLASS_CRIU=PROGRAM";
    private static final int LIMIT_S = 30;

    private final List<Path> candidates;
    private final boolean isNamed;
    private final Commands commands;

    CriuProgram(List<Path> candidates, Commands commands) {
        this(candidates, false, commands);
    }

    private CriuProgram(List<Path> candidates, boolean isNamed, Commands commands) {
        this.isNamed = isNamed;
        this.candidates = List.copyOf(candidates);
        this.commands = commands;
    }

    /** That of this host; where its user names one, that one or none. */
    public static CriuProgram ofThisHost() {
        Optional<Path> named = Optional.ofNullable(System.getenv("SANDGLASS_CRIU")).filter(text -> !text.isEmpty()).map(Path::of);
        if (named.isPresent()) {
            return named(named.get(), Commands.ofThisHost());
        }
        List<Path> candidates = new ArrayList<>();
        candidates.add(CloudKernel.cacheOfThisUser().resolve("criu/criu"));
        Doctor.searchPathOfThisHost().forEach(directory -> candidates.add(directory.resolve("criu")));
        return new CriuProgram(candidates, Commands.ofThisHost());
    }

    /** The one that its user names, and no other. */
    static CriuProgram named(Path program, Commands commands) {
        return new CriuProgram(List.of(program), true, commands);
    }

    /**
     * The first that says that it can work.
     *
     * @throws UnsupportedHereException if there is none, with what the last one said against it
     */
    public Path find() throws UnsupportedHereException {
        String reason = isNamed ? candidates.get(0) + " is no program that can be run" : "criu is not on the PATH";
        String remedy = isNamed ? "SANDGLASS_CRIU=PROGRAM names another, and without it the PATH is searched" : "sudo apt-get install -y criu";
        for (Path candidate : candidates) {
            if (!Files.isExecutable(candidate)) {
                continue;
            }
            Commands.Outcome outcome = commands.run(LIMIT_S, candidate.toString(), "check");
            if (outcome.succeeded()) {
                return candidate;
            }
            reason = candidate + " cannot work on this host: " + firstError(outcome.said());
            remedy = outcome.said().contains("vdso") ? NEWER : "run as root on a kernel with CONFIG_CHECKPOINT_RESTORE, or SANDGLASS_CRIU=PROGRAM";
        }
        throw new UnsupportedHereException(reason, remedy);
    }

    /** Whether there is one that only fails because this host's kernel is newer. */
    boolean isTooOld() {
        try {
            find();
            return false;
        } catch (UnsupportedHereException e) {
            return e.remedy().equals(NEWER);
        }
    }

    /** The first complaint that names a cause; a bare exit status comes before it. */
    private static String firstError(String said) {
        return said.lines().filter(line -> line.contains("Error") && !line.contains("exited, status")).findFirst()
                .orElse(said.lines().findFirst().orElse("it says nothing"));
    }

    /** What a program calls itself. */
    String version(Path program) {
        return commands.run(LIMIT_S, program.toString(), "--version").said().lines().findFirst().orElse("").replace("Version: ", "");
    }
}
