/**
 * What a host has and lacks, found by looking at files alone. May not live here: native calls, measuring.
 */
package sandglass.kvm.doctor;
