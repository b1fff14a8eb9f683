/**
 * Stacks as arithmetic: steps, hops and regions with their costs, contending for the host. Holds no number of its own and knows no policy.
 */
package sandglass.model;
