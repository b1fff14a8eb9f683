package sandglass.model;

import sandglass.scenario.DiskImage;
import sandglass.unit.Unit;

/** What a stack's function takes on disk, in bytes: once for the runtime, and once for each function. */
record DiskSizes(long sharedBytes, long privateBytes) {

    static DiskSizes of(DiskImage image, CostBook costs) {
        long shared = 0;
        long own = 0;
        for (DiskImage.Part part : image.parts()) {
            long bytes = costs.require(part.size(), "disk part " + part.name(), Unit.BYTES).whole();
            shared += part.sharedByRuntime() ? bytes : 0;
            own += part.sharedByRuntime() ? 0 : bytes;
        }
        return new DiskSizes(shared, own);
    }

    /** What so many functions of one runtime take together. */
    long bytes(int functions) {
        return sharedBytes + functions * privateBytes;
    }
}
