/**
 * Programs: reading ELF files, placing their segments in guest memory and laying out the stack that a C library expects
 * at its entry point. Source: the System V ABI, AMD64 supplement, chapters 3.4 and 5, and elf(5).
 */
package sandglass.kvm.usf.elf;
