package sandglass.kvm.usf.file;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one user may import: links into the central store, so that the directory itself takes a few bytes. Immutable.
 */
public final class ModuleDirectory {

    private final FileImage store;
    private final Set<String> names;
    private final Node.Directory root;

    ModuleDirectory(FileImage store, List<Node.Entry> links) {
        this.store = store;
        this.names = links.stream().map(Node.Entry::name).collect(Collectors.toSet());
        this.root = new Node.Directory(store.find("/").inode(), links);
    }

    /**
     * Looks a path up.
     *
     * @param path absolute within the directory, canonical
     * @return what it names, or null for nothing, be it in the store or not
     */
    public Node find(String path) {
        if (path.equals("/")) {
            return root;
        }
        int end = path.indexOf('/', 1);
        return names.contains(path.substring(1, end < 0 ? path.length() : end)) ? store.find(path) : null;
    }
}
