package sandglass.scenario;

import java.util.List;

/**
 * What a stack's function takes on disk.
 *
 * @param parts each with a calibration parameter for its size and whether one copy serves all functions of the runtime
 */
public record DiskImage(List<Part> parts) {

    /** One file or layer; {@code size} names a calibration parameter in bytes. */
    public record Part(String name, String size, boolean sharedByRuntime) {}

    public DiskImage {
        parts = List.copyOf(parts);
    }
}
