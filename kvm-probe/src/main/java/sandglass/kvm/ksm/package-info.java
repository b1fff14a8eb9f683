/**
 * Samepage merging by the kernel (Linux, admin-guide/mm/ksm): its settings, changed for a while and put back, and what it counts.
 * May not live here: whose memory is merged.
 */
package sandglass.kvm.ksm;
