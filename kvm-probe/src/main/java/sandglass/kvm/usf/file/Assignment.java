package sandglass.kvm.usf.file;

/**
 * What a unikernel gets beside function and event for one invocation, and loses afterwards.
 *
 * @param modules what the function may import from {@code /modules}, or null for nothing
 */
public record Assignment(ModuleDirectory modules) {

    /** Nothing but function and event. */
    public static final Assignment NONE = new Assignment(null);

    /** Modules to import. */
    public static Assignment of(ModuleDirectory modules) {
        return new Assignment(modules);
    }
}
