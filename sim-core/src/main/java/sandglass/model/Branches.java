package sandglass.model;

import java.util.Arrays;

/** Demands of one {@link Pipeline} at several places at once. Reused. */
final class Branches {

    private Place[] places = new Place[4];
    private long[] demandsNs = new long[4];
    private int size;

    void clear() {
        size = 0;
    }

    void add(Place place, long ns) {
        if (ns == 0) {
            return;
        }
        if (size == places.length) {
            places = Arrays.copyOf(places, 2 * size);
            demandsNs = Arrays.copyOf(demandsNs, 2 * size);
        }
        places[size] = place;
        demandsNs[size++] = ns;
    }

    int size() {
        return size;
    }

    Place place(int index) {
        return places[index];
    }

    long demandNs(int index) {
        return demandsNs[index];
    }

    /** The longest demand, ns; zero if there is none. */
    long longestNs() {
        long longest = 0;
        for (int i = 0; i < size; i++) {
            longest = Math.max(longest, demandsNs[i]);
        }
        return longest;
    }
}
