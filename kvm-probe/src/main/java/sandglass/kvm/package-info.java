/** Placeholder. */
package sandglass.kvm;
