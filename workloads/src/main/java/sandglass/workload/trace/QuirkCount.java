package sandglass.workload.trace;

/**
 * How often a quirk was met.
 *
 * @param count above zero
 * @param firstExample {@code FILE:LINE} of the first, or only the file, and what was found there
 */
public record QuirkCount(Quirk quirk, long count, String firstExample) {}
