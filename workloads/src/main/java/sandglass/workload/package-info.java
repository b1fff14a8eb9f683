/**
 * What arrives at a platform and what it does there. Lives here, in sub-packages: arrival processes
 * ({@code arrival}), readers of published traces ({@code trace}), and the ETL functions with their inputs and expected
 * outputs ({@code function}). May not live here: anything that runs a sandbox or knows what a stack costs.
 */
package sandglass.workload;
