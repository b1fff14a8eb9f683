/**
 * The probe: the same contract as the simulator's, on this machine's hardware. Start reading at
 * {@link sandglass.kvm.usf}; {@link sandglass.kvm.vm} is KVM as objects and {@link sandglass.kvm.sys} is Linux.
 */
package sandglass.kvm;
