/**
 * Stacks as arithmetic: steps, hops and regions with their costs, contending for the host. Holds no number of its own and knows no
 * policy.
 *
 * <p>Read {@link sandglass.model.ModelRuntime} first: it resolves costs ({@code CostBook}), compiles what each phase and each work
 * consists of ({@code PlanCompiler}, {@code PathCompiler}) into stages, and puts the host together. A {@code Walk} takes one sandbox
 * through its stages, spending time at the host's cores ({@code HostCpu}), at servers with a queue ({@code SerialServer}) or nowhere;
 * {@code HostMemory} says what fits, {@code Sharing} what equal pages cost; {@code Reporter} reads everything out.
 * {@link sandglass.model.PathCounts} counts the units of a transfer without running anything.
 */
package sandglass.model;
