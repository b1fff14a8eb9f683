package sandglass.kvm.usf.file;

import java.util.ArrayList;
import java.util.List;

/**
 * The table of a host region [USETL, section 3.3]: names, and where the files are. It has one producer and any number
 * of readers, and needs no lock: a row is complete before the count that makes it visible is stored, and rows are never
 * changed.
 */
public final class OffsetTable {

    private record Row(String name, Node.HostFile file) {
    }

    private final Row[] rows;
    /** Volatile: whoever reads a count sees all rows below it. */
    private volatile int count;

    /** An empty table for so many files. */
    public OffsetTable(int maxFiles) {
        rows = new Row[maxFiles];
    }

    /**
     * Adds a file; only the producer may call this.
     *
     * @return false if the table is full
     */
    public boolean add(String name, Node.HostFile file) {
        int next = count;
        if (next == rows.length) {
            return false;
        }
        rows[next] = new Row(name, file);
        count = next + 1;
        return true;
    }

    /** The file of a name, or null. */
    public Node.HostFile find(String name) {
        for (int i = count - 1; i >= 0; i--) {
            if (rows[i].name.equals(name)) {
                return rows[i].file;
            }
        }
        return null;
    }

    /** All files that are visible now. */
    public List<Node.Entry> entries() {
        List<Node.Entry> entries = new ArrayList<>();
        int visible = count;
        for (int i = 0; i < visible; i++) {
            entries.add(new Node.Entry(rows[i].name, rows[i].file.inode(), false));
        }
        return entries;
    }
}
