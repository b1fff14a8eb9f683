/**
 * GET and POST on behalf of functions [USETL, section 3.2.1]: the host speaks HTTP, the guest sees a document appear in
 * its memory. Nothing here trusts a url, a server or a length.
 */
package sandglass.kvm.usf.etl;
