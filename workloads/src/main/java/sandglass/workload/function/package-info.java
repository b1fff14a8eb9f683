/**
 * The ETL functions of {@code workloads/functions}: seeded inputs, the outputs that they must give (computed here, in
 * another language and another way, never by running them), and a loopback HTTP server from which they fetch and to
 * which they post. May not live here: anything that runs a function.
 */
package sandglass.workload.function;
