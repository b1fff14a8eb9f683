/**
 * The real stacks, behind the control plane's port and behind the command line: a USF on KVM and a plain host process, both
 * running the same Python functions. May not live here: policies, the model, how a USF works inside.
 */
package sandglass.kvm.stack;
