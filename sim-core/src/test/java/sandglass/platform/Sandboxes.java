package sandglass.platform;

import sandglass.scenario.Function;

/** Makes sandboxes for tests that stand in for the platform. */
public final class Sandboxes {

    private Sandboxes() {}

    public static Sandbox sandbox(long id, Function madeFor) {
        return new Sandbox(id, madeFor, null, 0);
    }
}
