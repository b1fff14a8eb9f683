/**
 * The atoms: what one step costs on this host, measured in the situation in which it occurs. An atom gives raw values and the guards
 * that they passed; what distribution they follow is decided elsewhere. May not live here: scenarios (an atom never runs one), fitting,
 * file formats.
 */
package sandglass.kvm.atom;
