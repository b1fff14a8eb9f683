/**
 * The engine of the simulator: a virtual {@link sandglass.platform.Timeline}, the event list under it, queueing servers
 * that are driven by a timeline, and the accumulators that observe them.
 *
 * <p>Times are integer nanoseconds. Nothing here knows what a sandbox, a stack or a policy is, reads a clock or a file,
 * or draws a random number: work arrives as nanoseconds and leaves through a {@link java.lang.Runnable}. SSJ's types
 * stay inside {@link sandglass.des.SsjTimeline} and {@link sandglass.des.QuaternaryEventList}.
 */
package sandglass.des;
