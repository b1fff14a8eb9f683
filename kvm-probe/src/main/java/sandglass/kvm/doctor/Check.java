package sandglass.kvm.doctor;

/**
 * One thing that a host may have.
 *
 * @param found what was found, or why it does not count
 * @param neededBy what of Sandglass needs it
 * @param remedy the command that gets it on Debian or Ubuntu; empty if it is present
 */
public record Check(String name, boolean present, String found, String neededBy, String remedy) {

    static Check present(String name, String found, String neededBy) {
        return new Check(name, true, found, neededBy, "");
    }

    static Check missing(String name, String found, String neededBy, String remedy) {
        return new Check(name, false, found, neededBy, remedy);
    }
}
