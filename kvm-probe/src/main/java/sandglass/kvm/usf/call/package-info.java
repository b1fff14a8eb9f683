/**
 * The system calls of Linux that a guest's C library and Python use, carried out by the monitor on guest memory and on
 * the process's own tables. Nothing here touches a file, a socket or a process of the host. Each group of calls is one
 * small file that enters its calls into {@link sandglass.kvm.usf.call.SystemCallTable}; a number without an entry
 * answers ENOSYS, and a pointer outside the guest's memory answers EFAULT.
 *
 * <p>Sources: the manual pages of section 2; numbers from asm/unistd_64.h; structures from the x86-64 kernel headers.
 */
package sandglass.kvm.usf.call;
