package sandglass.kvm.leftovers;

/** One thing that a journal answers for. Safe for use by several threads. */
public interface Entry {

    /** What the journal knows it by: for a process the value of its {@link Journal#TOKEN}, else the name it was given. */
    String name();

    /** Says that the process of this entry has begun, under this number. */
    void started(long pid);

    /** Says that it is gone, or never came to be. Saying so twice is saying it once. */
    void done();
}
