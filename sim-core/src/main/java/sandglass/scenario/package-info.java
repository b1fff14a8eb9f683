/**
 * The vocabulary of Sandglass: what can be asked. A {@link sandglass.scenario.Scenario} is one fully resolved thing to
 * run: a {@link sandglass.scenario.Stack} doing some {@link sandglass.scenario.Work} under a
 * {@link sandglass.scenario.Load} on a {@link sandglass.scenario.Host} with {@link sandglass.scenario.Policies}, for a
 * {@link sandglass.scenario.Length}. Everything here is immutable data; nothing here runs, reads files or draws numbers.
 *
 * <h2>Glossary</h2>
 * <dl>
 * <dt>Scenario</dt><dd>one fully resolved thing to run</dd>
 * <dt>Experiment</dt><dd>a set of candidates per axis; its expansion gives scenarios</dd>
 * <dt>Stack</dt><dd>everything between function and hardware, as data: boundary, lifecycle steps, I/O paths, memory image</dd>
 * <dt>Boundary</dt><dd>what separates tenants</dd>
 * <dt>Sandbox</dt><dd>one running instance of a stack for one function</dd>
 * <dt>Phase</dt><dd>CREATE, BOOT, INIT, READY, RUN, RECYCLE, EVICT; a cold start is CREATE+BOOT+INIT</dd>
 * <dt>Step</dt><dd>a named unit of a phase; its count stands in the stack, its unit cost in the calibration</dd>
 * <dt>Work, Op</dt><dd>what one invocation does: Compute, Touch, Get, Post, Switch, Wait</dd>
 * <dt>ModeSwitch</dt><dd>a crossing between privilege modes or between guest and host</dd>
 * <dt>Ledger</dt><dd>count and time per phase and mode switch</dd>
 * <dt>IoPath, Hop</dt><dd>the ordered hops from guest buffer to device</dd>
 * <dt>MemoryImage, Region</dt><dd>regions with size, backing and sharing; yields RSS, PSS and USS</dd>
 * <dt>Host</dt><dd>cores and memory</dd>
 * <dt>Pool</dt><dd>the sandboxes that are ready for one function or runtime on one host</dd>
 * <dt>Platform</dt><dd>the control plane: takes invocations, asks policies, drives sandboxes</dd>
 * <dt>Trace</dt><dd>a recorded arrival process</dd>
 * <dt>Timeline</dt><dd>"now" and "call me at": virtual or wall clock</dd>
 * <dt>Executor</dt><dd>turns a scenario into a run result: sim, probe or recorded</dd>
 * <dt>Guard</dt><dd>a counter check that must hold for a measurement to count</dd>
 * <dt>Parameter, Calibration, Provenance</dt><dd>a cost as a distribution, with unit and where it came from</dd>
 * <dt>Comparison, Verdict</dt><dd>two results of one scenario, subtracted</dd>
 * </dl>
 */
package sandglass.scenario;
