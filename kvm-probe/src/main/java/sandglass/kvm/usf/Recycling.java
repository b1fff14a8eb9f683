package sandglass.kvm.usf;

/**
 * What it took to put a unikernel back into its frozen state.
 *
 * @param copiedPages  written pages that were overwritten by the template's
 * @param droppedPages written pages that were given back to the host
 * @param elapsedNs    on the clock of the pool
 */
public record Recycling(long copiedPages, long droppedPages, long elapsedNs) {

    /** All pages that the invocation had written. */
    public long dirtyPages() {
        return copiedPages + droppedPages;
    }
}
