/** Placeholder. */
package sandglass.workload;
