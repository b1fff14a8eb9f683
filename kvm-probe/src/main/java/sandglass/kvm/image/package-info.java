/**
 * The runtime image: the host's Python with its libraries, as one tree of files that every stack runs from. It is read into memory for
 * the unikernel ({@link sandglass.kvm.usf.file.PythonImage}), and laid down here as a directory for a container's root and as an
 * archive for a virtual machine's first file system. May not live here: running anything, knowledge of any stack.
 */
package sandglass.kvm.image;
