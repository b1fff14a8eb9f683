package sandglass.model;

/** The wait until the polling thread has seen notifications that under interrupts would be mode switches. */
record Polled(Poller poller, long notifications) implements Stage {

    @Override public Place place() {
        return Place.ELAPSE;
    }

    @Override public long demandNs(Walk walk) {
        return notifications == 0 ? 0 : poller.seenAfterNs(notifications);
    }
}
