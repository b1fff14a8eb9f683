/**
 * The executor {@code probe}: a scenario on real hardware. The control plane of the simulator drives real sandboxes on the wall
 * clock. May not live here: how a stack makes a sandbox, policies, the model.
 */
package sandglass.kvm.probe;
