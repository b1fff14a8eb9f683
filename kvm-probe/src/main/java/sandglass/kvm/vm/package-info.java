/**
 * KVM as objects, one type per kind of file descriptor: {@link sandglass.kvm.vm.Kvm} makes
 * {@link sandglass.kvm.vm.Vm} makes {@link sandglass.kvm.vm.Vcpu}, so that a call on the wrong descriptor does not
 * compile. Why a vCPU stopped is a closed set, {@link sandglass.kvm.vm.VcpuExit}. Numbers and structure layouts stand
 * in one file, {@code KvmAbi}, and are those of Documentation/virt/kvm/api.rst.
 *
 * <p>What may not live here: anything about what a guest is or does. These types would serve any virtual machine.
 */
package sandglass.kvm.vm;
