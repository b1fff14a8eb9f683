/**
 * The files a guest sees: a tree in memory, complete before the first guest starts and never changed. A guest's path is
 * looked up in this tree and nowhere else, so no path can reach the host. {@link sandglass.kvm.usf.file.PythonImage}
 * fills it from the host's Python.
 */
package sandglass.kvm.usf.file;
