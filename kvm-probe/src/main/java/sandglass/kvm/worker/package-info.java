/**
 * A large pool of unikernels, spread over worker processes. All virtual machines of a process share one address space, and
 * two costs grow with their number: each copy-on-write fault and each new machine visits all of them (MMU notifiers).
 * A process also has limits for descriptors and mappings, and dies as a whole. Nothing here knows what a unikernel is
 * made of; that is {@code sandglass.kvm.usf}.
 */
package sandglass.kvm.worker;
