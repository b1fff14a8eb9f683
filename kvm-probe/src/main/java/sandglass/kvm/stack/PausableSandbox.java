package sandglass.kvm.stack;

/** A sandbox that can be stopped where it is: it keeps its memory and takes no processor time. */
public interface PausableSandbox extends LiveSandbox {

    /** Stops it; how long that took, ns. */
    long pauseNs();

    /** Lets it go on; how long that took, ns. */
    long resumeNs();
}
