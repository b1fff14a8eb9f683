package sandglass.kvm.leftovers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import sandglass.run.UnsupportedHereException;

/** Where the journals of a user lie. Nobody else may write there: what a journal says is removed. */
final class StateDirectory {

    private static final String VARIABLE = "SANDGLASS_STATE";
    private static final int ROOT = 0;

    private StateDirectory() {
    }

    /** {@code $SANDGLASS_STATE}; else {@code /run/sandglass} for root, {@code $XDG_STATE_HOME/sandglass} for others. */
    static Path ofThisUser() {
        String chosen = System.getenv(VARIABLE);
        if (chosen != null && !chosen.isEmpty()) {
            return Path.of(chosen);
        }
        if (Processes.user() == ROOT) {
            return Path.of("/run/sandglass");
        }
        String state = System.getenv("XDG_STATE_HOME");
        return (state == null || state.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(state))
                .resolve("sandglass");
    }

    static void prepare(Path state) throws UnsupportedHereException {
        try {
            if (!Files.isDirectory(state)) {
                Files.createDirectories(state, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            int owner = (Integer) Files.getAttribute(state, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if (owner != Processes.user()) {
                throw unusable(state, "it belongs to the user with number " + owner);
            }
            Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw unusable(state, e.toString());
        }
    }

    static UnsupportedHereException unusable(Path state, String reason) {
        return new UnsupportedHereException("no place for a journal of what is made on this host: " + state + ": " + reason,
                VARIABLE + "=DIR names a directory of this user's to keep it in");
    }
}
