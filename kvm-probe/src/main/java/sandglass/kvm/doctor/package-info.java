/**
 * What a host has and lacks, found by looking and by letting programs try, and getting the rest. May not live here: native calls,
 * measuring.
 */
package sandglass.kvm.doctor;
