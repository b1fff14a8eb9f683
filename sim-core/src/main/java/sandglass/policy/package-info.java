/**
 * The decisions of the control plane, each one method that returns a value and acts on nothing. May not live here:
 * mechanism.
 */
package sandglass.policy;
