/**
 * The processor as the guest finds it: where everything lies in guest memory, the tables the hardware wants, and the
 * register values that start a program directly in 64-bit user mode. There is no guest kernel: a five-byte stub turns
 * the SYSCALL instruction into an exit, and 256 four-byte stubs do the same for exceptions.
 *
 * <p>Sources: Intel SDM volume 3A (paging 4.5, descriptors 3.4, task state 8.7, interrupt gates 6.14), AMD APM volume
 * 2.
 */
package sandglass.kvm.usf.cpu;
