package sandglass.model;

import sandglass.scenario.Uniforms;

/** Bytes copied by a core on their way through a path. */
record Copy(Place place, double bytes, Cost cost, Uniforms uniforms, Books books) implements Stage {

    @Override public long demandNs(Walk walk) {
        books.copied(bytes);
        long ns = cost.draw(bytes, uniforms);
        books.core(walk.tenant(), ns);
        return ns;
    }
}
