/**
 * Containers as of the Open Container Initiative: what one is made of, as the runtime's configuration, and the runtime's command line.
 * May not live here: what runs in a container, networks.
 */
package sandglass.kvm.oci;
