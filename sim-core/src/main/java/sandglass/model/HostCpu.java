package sandglass.model;

import sandglass.scenario.Host;

/** The host's cores, contended by everything that computes on them. */
final class HostCpu {

    private final Host host;

    HostCpu(Host host) {
        this.host = host;
    }

    /** Gives the walk a share of the cores until it has had {@code ns}, then resumes it. */
    void compute(Walk walk, long ns) {
        throw new IllegalStateException("no server shares the " + host.cores() + " cores for " + ns + " ns of sandbox " + walk.sandbox().id());
    }
}
