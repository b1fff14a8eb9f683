package sandglass.kvm.doctor;

import java.util.List;

/**
 * One thing that a host may have.
 *
 * @param found what was found, or why it does not count
 * @param neededBy what of Sandglass needs it
 * @param remedy the command that gets it on Debian or Ubuntu; empty if it is present
 * @param packages the Debian packages that the remedy installs; none if it is something else
 */
public record Check(String name, boolean present, String found, String neededBy, String remedy, List<String> packages) {

    static Check present(String name, String found, String neededBy) {
        return new Check(name, true, found, neededBy, "", List.of());
    }

    static Check missing(String name, String found, String neededBy, String remedy) {
        return new Check(name, false, found, neededBy, remedy, List.of());
    }

    static Check installable(String name, String found, String neededBy, String aptPackage) {
        return new Check(name, false, found, neededBy, "sudo apt-get install -y " + aptPackage, List.of(aptPackage));
    }
}
