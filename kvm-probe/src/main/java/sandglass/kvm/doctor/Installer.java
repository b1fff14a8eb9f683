package sandglass.kvm.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sandglass.run.UnsupportedHereException;

/**
 * Gets what checks found missing, where a Debian package has it, the virtual machine's kernel, and a newer CRIU where the packaged one cannot
 * work on this kernel. Nothing else on the host changes.
 */
public final class Installer {

    private static final int UPDATE_LIMIT_S = 300;
    private static final int INSTALL_LIMIT_S = 1800;

    private final Commands commands;
    private final CloudKernel kernel;
    private final CriuProgram criu;
    private final Path newerCriu;
    private final boolean root;

    /** @param newerCriu the script that gets a newer CRIU into this user's cache */
    Installer(Commands commands, CloudKernel kernel, CriuProgram criu, Path newerCriu, boolean root) {
        this.commands = commands;
        this.kernel = kernel;
        this.criu = criu;
        this.newerCriu = newerCriu;
        this.root = root;
    }

    /** That of this host. */
    public static Installer ofThisHost() {
        return new Installer(Commands.ofThisHost(), CloudKernel.ofThisUser(), CriuProgram.ofThisHost(),
                Path.of(System.getProperty("sandglass.home", "")).resolve("kvm-probe/newer-criu"), Doctor.isRoot());
    }

    /**
     * Installs the packages of all missing checks. Whether the packaged CRIU can work here shows only when it is there.
     *
     * @param says told each command before it is run
     * @throws UnsupportedHereException if a command fails, or this host has no apt-get
     */
    public void install(List<Check> checks, Consumer<String> says) throws UnsupportedHereException {
        List<String> packages = checks.stream().filter(check -> !check.present()).flatMap(check -> check.packages().stream())
                .distinct().toList();
        if (!packages.isEmpty()) {
            if (!commands.run(UPDATE_LIMIT_S, "apt-get", "--version").succeeded()) {
                throw new UnsupportedHereException("this host has no apt-get",
                        "install what corresponds to these Debian packages: " + String.join(" ", packages));
            }
            run(List.of("apt-get", "update", "-q"), UPDATE_LIMIT_S, says);
            List<String> install = new ArrayList<>(List.of("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q",
                    "--no-install-recommends"));
            install.addAll(packages);
            run(install, INSTALL_LIMIT_S, says);
        }
        if (checks.stream().anyMatch(check -> check.name().equals(Doctor.KERNEL) && !check.present())) {
            says.accept("apt-get download " + kernel.available().orElse("linux-image-cloud-amd64") + ", unpacked, not installed");
            kernel.fetch();
        }
        if (checks.stream().anyMatch(check -> check.name().equals(Doctor.CRIU) && !check.present()) && criu.isTooOld()) {
            carryOut(List.of(newerCriu.toString()), UPDATE_LIMIT_S + UPDATE_LIMIT_S, says, "see what it says when it is run by hand");
        }
    }

    private void run(List<String> words, int limitS, Consumer<String> says) throws UnsupportedHereException {
        List<String> command = new ArrayList<>(root ? List.of() : List.of("sudo", "-n"));
        command.addAll(words);
        carryOut(command, limitS, says, root ? "see what it says when it is run by hand" : "run 'sudo " + String.join(" ", words) + "' by hand");
    }

    private void carryOut(List<String> command, int limitS, Consumer<String> says, String remedy) throws UnsupportedHereException {
        says.accept(String.join(" ", command));
        Commands.Outcome outcome = commands.run(command, limitS);
        if (!outcome.succeeded()) {
            throw new UnsupportedHereException(String.join(" ", command) + ": " + outcome.lastLine(), remedy);
        }
    }
}
