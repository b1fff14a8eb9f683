/**
 * USETL for real: a unikernel for serverless functions (USF) that runs the host's unmodified Python in a virtual
 * machine without any device. Fingler, Akshintala, Rossbach: USETL, APSys 2019, sections 3 and 3.2.1.
 *
 * <p>The parts: {@code .cpu} is the processor as the guest finds it, {@code .elf} loads programs, {@code .file} is the
 * guest's file tree, {@code .call} its system calls. This package puts them together: a machine that runs, a template
 * that is booted once and frozen, clones of it, and recycling, which puts a clone back to the frozen state.
 */
package sandglass.kvm.usf;
