package sandglass.model;

/** How equal pages of different sandboxes become one. Answers are bytes of the image only: not of function memory, nor beyond the image. */
interface Sharing {

    /** By how much physical memory rises with one sandbox more. */
    long bytesToAdd();

    void add(Footprint footprint);

    /** Takes a sandbox away, whose written pages were restored; answers by how much physical memory falls. */
    long remove(Footprint footprint);

    /** By how much physical memory rises when the sandbox writes to its pages {@code from} to {@code to}. */
    long bytesToWrite(Footprint footprint, long from, long to);

    /** By how much physical memory rises when the sandbox comes to map the regions of these kinds, none of which it has met. */
    long bytesToMeet(int kinds);

    /** The sandbox has met these kinds for the first time. */
    void meet(int kinds);

    /** The sandbox, which has met these kinds, maps their regions no more; answers by how much physical memory falls. */
    long forget(int kinds);

    /** The most that {@link #bytesToWrite} can come to, whatever is merged until then. */
    long mostBytesToWrite(Footprint footprint, long from, long to);

    void write(Footprint footprint, long from, long to);

    /** The sandbox's pages {@code kept} to {@code pages} get their old content back; answers by how much physical memory falls. */
    long restore(Footprint footprint, long kept, long pages);

    /** A scanner looks at the next {@code pages} pages; answers by how much physical memory falls. */
    long look(long pages);

    /** Physical memory that the sandbox alone maps. */
    long uniqueBytes(Footprint footprint);

    /** Physical memory that the sandbox maps, each page divided by the number of those who map it. */
    double proportionalBytes(Footprint footprint);

    /** About how much physical memory would fall if the sandbox went, cheap to ask. */
    long freedBytes(Footprint footprint);

    /** Physical memory that is kept, mapped by nobody, for the sake of sandboxes to come. */
    long unmappedBytes();
}
