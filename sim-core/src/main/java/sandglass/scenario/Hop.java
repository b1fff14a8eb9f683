package sandglass.scenario;

import java.util.Map;
import java.util.Objects;

/**
 * One leg of an {@link IoPath}: what it does per unit, how often it copies each byte, which switches it makes and where
 * its time is spent.
 *
 * @param name what the data crosses, for example {@code virtio-kick}
 * @param per the unit that {@code cost} and {@code switches} are counted in
 * @param cost calibration parameter for one unit; empty if the hop costs only switches and copies
 * @param copies copies of each byte
 * @param copyCost calibration parameter for one byte of one copy; empty if {@code copies} is zero
 * @param switches mode switches of one unit
 * @param server where the time is spent
 * @param source why the hop is there
 * @param notification whether the hop only tells the other side that something is there: under {@link Policies.Notification.Polling}
 *     its cost and switches are replaced by the wait for the next look and the look itself
 * @param aboveBytes only transfers of more than this meet the hop
 */
public record Hop(String name, Per per, String cost, double copies, String copyCost, Map<ModeSwitch, Integer> switches,
        Server server, String source, boolean notification, long aboveBytes) {

    /** A hop that all transfers meet. */
    public Hop(String name, Per per, String cost, double copies, String copyCost, Map<ModeSwitch, Integer> switches, Server server,
            String source, boolean notification) {
        this(name, per, cost, copies, copyCost, switches, server, source, notification, 0);
    }

    /** The same, which carries data and does not notify. */
    public Hop(String name, Per per, String cost, double copies, String copyCost, Map<ModeSwitch, Integer> switches, Server server,
            String source) {
        this(name, per, cost, copies, copyCost, switches, server, source, false, 0);
    }

    /** The unit in which a hop's cost and switches are counted. */
    public enum Per {
        /** One network packet of at most the path's MTU. */
        PACKET,
        /** One batch of packets, as formed by the path's {@link Batching}. */
        BATCH,
        /** One block of the path's block size. */
        BLOCK,
        /** One byte; costs only a rate. */
        BYTE,
        /** One whole call: a file got or posted. */
        CALL
    }

    /** Whether a transfer of this size meets it. */
    public boolean met(long bytes) {
        return aboveBytes == 0 || bytes > aboveBytes;
    }

    public Hop {
        Objects.requireNonNull(name);
        Objects.requireNonNull(per);
        Objects.requireNonNull(server);
        switches = Map.copyOf(switches);
        if (per == Per.BYTE && !switches.isEmpty()) {
            throw new IllegalArgumentException("hop " + name + ": nobody switches modes for each byte; expected per: packet, batch, block or call");
        }
        if (!(copies >= 0)) {
            throw new IllegalArgumentException("hop " + name + ": copies must not be negative, was " + copies);
        }
        if (copies > 0 && copyCost.isEmpty()) {
            throw new IllegalArgumentException("hop " + name + ": copies need a copy-cost");
        }
    }
}
