/**
 * Arrival processes: the times at which functions are invoked, by a law (open load, burst) or as recorded (trace).
 * {@link sandglass.workload.arrival.Arrivals} makes the one that a scenario's load asks for. Every draw comes from a
 * named stream ({@code arrivals}, {@code functions}, {@code durations}), so that the same arrivals meet every stack and
 * policy. May not live here: file formats (they are in {@code trace}), and anything that knows what happens to an
 * invocation after it arrived.
 */
package sandglass.workload.arrival;
