/**
 * What this program makes on the host and must not leave there: a journal of it, written before each thing is made, and the
 * removal of what a killed process could not remove itself. May not live here: making sandboxes.
 */
package sandglass.kvm.leftovers;
