/**
 * Readers of published traces: one {@link sandglass.workload.trace.TraceFormat} constant a format, each with the reader
 * that turns its files into a {@link sandglass.workload.trace.RecordedTrace}. Files are read by the names of their
 * columns; what deviates harmlessly is repaired and counted as a {@link sandglass.workload.trace.Quirk}, what does not
 * make sense is a {@link sandglass.workload.trace.TraceException} with file, line and column. May not live here:
 * random draws and the replay of a trace (they are in {@code arrival}).
 */
package sandglass.workload.trace;
