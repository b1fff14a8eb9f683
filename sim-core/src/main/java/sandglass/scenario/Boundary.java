package sandglass.scenario;

/** What separates one tenant from another. */
public enum Boundary {
    PROCESS,
    CONTAINER,
    USER_SPACE_KERNEL,
    MICROVM,
    VM,
    UNIKERNEL,
    LANGUAGE_SANDBOX
}
