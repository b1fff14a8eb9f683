package sandglass.kvm.usf.file;

/**
 * What a unikernel gets beside function and event for one invocation, and loses afterwards.
 *
 * @param modules what the function may import from {@code /modules}, or null for nothing
 * @param files   what it finds in {@code /etl}, or null for nothing; must outlive the invocation
 */
public record Assignment(ModuleDirectory modules, HostRegion files) {

    /** Nothing but function and event. */
    public static final Assignment NONE = new Assignment(null, null);

    /** Modules to import. */
    public static Assignment of(ModuleDirectory modules) {
        return new Assignment(modules, null);
    }

    /** Files of the host's. */
    public static Assignment of(HostRegion files) {
        return new Assignment(null, files);
    }
}
