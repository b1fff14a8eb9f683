package sandglass.experiment.read;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** The valid files of the tests, which together use every key there is. */
final class Valid {

    private Valid() {}

    static Path file(String name) {
        try {
            return Path.of(Valid.class.getResource("/valid/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static ExperimentReader reader(String... settings) {
        return new ExperimentReader(new Library(List.of()), List.of(settings).stream().map(Setting::parse).toList(), OptionalLong.empty());
    }

    static ExperimentFile.Experiment experiment(String name, String... settings) {
        return (ExperimentFile.Experiment) reader(settings).read(file(name));
    }
}
