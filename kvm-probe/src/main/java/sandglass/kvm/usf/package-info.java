/**
 * The unikernel for serverless functions: a Python process in a virtual machine without devices.
 */
package sandglass.kvm.usf;
