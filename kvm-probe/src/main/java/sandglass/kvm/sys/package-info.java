/**
 * Linux, called from Java: the only package with native calls. Every call that the kernel refuses becomes a
 * {@link sandglass.kvm.sys.SystemCallException} that names the call and the errno; nothing is retried or swallowed
 * here. Memory is reached through direct byte buffers in the machine's (little-endian) order.
 *
 * <p>What lives here: file descriptors, mappings, signals to one thread, scans of the process's own page tables.
 * What may not: anything that knows of KVM or of guests.
 */
package sandglass.kvm.sys;
