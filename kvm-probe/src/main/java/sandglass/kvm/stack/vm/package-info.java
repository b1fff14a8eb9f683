/**
 * Virtual machines: QEMU's microvm with a stock Linux kernel and the runtime image as its first file system, booted for each sandbox or
 * restored from the state of one that has booted. May not live here: KVM's own interface, which QEMU uses for itself.
 */
package sandglass.kvm.stack.vm;
