package sandglass.platform;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a reader of the result should know, each said once; few, however long the run. */
final class Warnings {

    private static final int MOST = 20;

    private final Set<String> texts = new LinkedHashSet<>();

    void add(String text) {
        if (texts.size() < MOST) {
            texts.add(text);
        } else {
            texts.add("and more");
        }
    }

    List<String> texts() {
        return List.copyOf(texts);
    }
}
