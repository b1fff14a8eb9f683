/**
 * What is read off the host: clocks, memory of processes and mappings, KVM's own counters, the host's fingerprint. May not
 * live here: anything that makes or runs a sandbox.
 */
package sandglass.kvm.measure;
