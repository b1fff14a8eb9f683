/**
 * From a scenario to a result: the {@link sandglass.run.Executor} port and what every executor shares, such as the random
 * streams and the seam for replications. May not live here: the simulator, native calls, file formats.
 */
package sandglass.run;
