/**
 * The control plane and its ports. It takes invocations, asks policies and drives sandboxes over two ports:
 * {@link sandglass.platform.Timeline} (what time is it, call me then) and {@link sandglass.platform.SandboxRuntime} (start, run,
 * recycle, evict). The simulator and the probe share it. May not live here: costs, the event engine, native calls.
 */
package sandglass.platform;
