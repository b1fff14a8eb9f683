/**
 * Containers without a container runtime: namespaces, control groups, a read-only root and a system call filter, put on by few system calls
 * of the process itself. May not live here: what runs in them.
 */
package sandglass.kvm.lean;
