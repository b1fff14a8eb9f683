/**
 * Networks between the host and sandboxes, made of the kernel's own parts: a namespace that holds the host's ends, virtual Ethernet pairs,
 * a gateway to what functions may reach. May not live here: native calls, knowledge of any stack.
 */
package sandglass.kvm.net;
