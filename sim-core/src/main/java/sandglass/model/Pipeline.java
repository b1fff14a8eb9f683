package sandglass.model;

import java.util.List;

/**
 * A path whose hops work on different data at once. Undisturbed it takes the time that the first unit needs through every hop, and
 * then the pace of the slowest. Where hops compete with others for a server, each competes for itself; the whole is over when the
 * last of them is, and the last unit has run through the others.
 *
 * @param hops in order; one thread works on each
 * @param windows batching windows in which packets were held back, or zero
 * @param windowNs length of one
 */
record Pipeline(Place place, List<PipedHop> hops, long windows, long windowNs) implements Stage {

    /**
     * One hop with its work for the whole transfer.
     *
     * @param units into which the work is divided evenly
     * @param parts what it consists of, each at a place of its own
     */
    record PipedHop(long units, List<Stage> parts) {}

    /** A pipeline, contended if any of its parts is. */
    static Pipeline of(List<PipedHop> hops, long windows, long windowNs) {
        boolean contended = hops.stream().flatMap(hop -> hop.parts.stream()).anyMatch(part -> part.place() != Place.ELAPSE);
        return new Pipeline(contended ? Place.FORK : Place.ELAPSE, List.copyOf(hops), windows, windowNs);
    }

    /** Draws the work of every part, leaves it in the walk's branches, and answers what the whole takes undisturbed. */
    @Override public long demandNs(Walk walk) {
        Branches branches = walk.branches();
        branches.clear();
        double firstUnitNs = windows == 0 ? 0 : windowNs;
        double restNs = windows == 0 ? 0 : (double) (windows - 1) * windowNs;
        for (int i = 0; i < hops.size(); i++) {
            PipedHop hop = hops.get(i);
            long hopNs = 0;
            long coreNs = 0;
            for (int j = 0; j < hop.parts.size(); j++) {
                Stage part = hop.parts.get(j);
                long ns = part.demandNs(walk);
                hopNs += ns;
                if (part.place() == Place.CORES) {
                    coreNs += ns;
                } else {
                    branches.add(part.place(), ns);
                }
            }
            branches.add(Place.CORES, coreNs);
            if (hop.units > 0) {
                double unitNs = (double) hopNs / hop.units;
                firstUnitNs += unitNs;
                restNs = Math.max(restNs, hopNs - unitNs);
            }
        }
        return Math.round(firstUnitNs + restNs);
    }
}
