package sandglass.kvm.leftovers;

import java.util.List;

/**
 * A thing that a journal answers for and that has not been said to be gone.
 *
 * @param kind    what it is
 * @param name    what it is called on the host
 * @param details what its removal needs beside the name, see {@link Kind}
 */
public record Leftover(Kind kind, String name, List<String> details) {

    public Leftover {
        details = List.copyOf(details);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + " " + name;
    }
}
