package sandglass.kvm.stack;

import java.nio.file.Path;
import java.util.List;

/**
 * What a function may import beside Python's own modules: some of the packages in one directory.
 *
 * @param store   a directory of unpacked pure-Python packages, such as {@code pip install --target} leaves
 * @param modules names of its packages and modules
 */
public record Imports(Path store, List<String> modules) {

    /** Nothing. */
    public static final Imports NONE = new Imports(Path.of(""), List.of());

    public Imports {
        modules = List.copyOf(modules);
    }

    /** Whether there is nothing to import. */
    public boolean isEmpty() {
        return modules.isEmpty();
    }
}
