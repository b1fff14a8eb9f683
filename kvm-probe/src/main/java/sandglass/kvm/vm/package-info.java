/**
 * KVM as objects: one type per kind of file descriptor, so that a call on the wrong one does not compile.
 */
package sandglass.kvm.vm;
