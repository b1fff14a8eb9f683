/**
 * The simulator: the executor that runs a scenario on the model in virtual time.
 */
package sandglass.sim;
