package sandglass.model;

/** Nothing is shared: each sandbox has its own copy of everything. */
record Unshared(ImageLayout layout, long imageBytes, long mappedBytes) implements Sharing {

    static Unshared of(ImageLayout layout) {
        long image = 0;
        long mapped = 0;
        for (int r = 0; r < layout.size(); r++) {
            image += layout.kind(r) == 0 ? layout.bytes(r) : 0;
            mapped += layout.kernel(r) || layout.kind(r) != 0 ? 0 : layout.bytes(r);
        }
        return new Unshared(layout, image, mapped);
    }

    @Override public long bytesToAdd() {
        return imageBytes;
    }

    @Override public void add(Footprint footprint) {
        // its pages are nobody else's, so there is nothing to keep
    }

    @Override public long bytesToMeet(int kinds) {
        return layout.metBytes(kinds);
    }

    @Override public long forget(int kinds) {
        return layout.metBytes(kinds);
    }

    @Override public void meet(int kinds) {
        // what it meets is its own
    }

    @Override public long remove(Footprint footprint) {
        return imageBytes + layout.metBytes(footprint.met);
    }

    @Override public long bytesToWrite(Footprint footprint, long from, long to) {
        return 0;
    }

    @Override public long mostBytesToWrite(Footprint footprint, long from, long to) {
        return bytesToWrite(footprint, from, to);
    }

    @Override public void write(Footprint footprint, long from, long to) {
        // they are its own already
    }

    @Override public long restore(Footprint footprint, long kept, long pages) {
        return 0;
    }

    @Override public long look(long pages) {
        return 0;
    }

    @Override public long uniqueBytes(Footprint footprint) {
        return mappedBytes + layout.metBytes(footprint.met);
    }

    @Override public double proportionalBytes(Footprint footprint) {
        return uniqueBytes(footprint);
    }

    @Override public long freedBytes(Footprint footprint) {
        return remove(footprint);
    }

    @Override public long unmappedBytes() {
        return 0;
    }
}
