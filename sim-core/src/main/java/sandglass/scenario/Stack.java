package sandglass.scenario;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Everything between a function and the hardware, as data: structure only, no cost.
 *
 * @param name short identifier, for example {@code usetl}
 * @param title what a figure calls it
 * @param boundary what separates tenants
 * @param lifecycle steps of each phase, in order; a missing phase has none
 * @param paths I/O paths by name; {@code get} and {@code post} serve the ops of those names
 * @param memory what a ready sandbox occupies
 * @param disk what a function takes on disk
 * @param switchCosts calibration parameter for one mode switch of each kind on this stack
 * @param computeOverhead calibration parameter (a ratio, at least 1) by which computation is slower than native; empty for none
 * @param guestScheduler whether a guest kernel schedules inside what the host schedules (double scheduling), or only the host does
 * @param interchangeable whether a ready sandbox can serve any function of its runtime (a pool per runtime) or only its own (a pool per function)
 * @param recycle what happens to a sandbox after an invocation
 * @param warmed whether a sandbox made for a pool runs one invocation that does nothing, and is recycled, before it counts as ready
 * @param perProcess how many sandboxes one process of the host holds, at least 1
 */
public record Stack(String name, String title, Boundary boundary, Map<Phase, List<Step>> lifecycle, Map<String, IoPath> paths,
        MemoryImage memory, DiskImage disk, Map<ModeSwitch, String> switchCosts, String computeOverhead,
        GuestScheduler guestScheduler, Interchangeable interchangeable, Recycle recycle, boolean warmed, int perProcess) {

    /** A stack whose pool is not warmed and each of whose sandboxes has a process of its own. */
    public Stack(String name, String title, Boundary boundary, Map<Phase, List<Step>> lifecycle, Map<String, IoPath> paths,
            MemoryImage memory, DiskImage disk, Map<ModeSwitch, String> switchCosts, String computeOverhead,
            GuestScheduler guestScheduler, Interchangeable interchangeable, Recycle recycle) {
        this(name, title, boundary, lifecycle, paths, memory, disk, switchCosts, computeOverhead, guestScheduler, interchangeable, recycle,
                false, 1);
    }

    /** Who schedules the function's threads. */
    public enum GuestScheduler {
        HOST_ONLY,
        /** Each sandbox is a guest with a scheduler of its own. */
        GUEST_AND_HOST,
        /** One guest for all sandboxes of a tenant (an application) schedules them inside what the host schedules. */
        TENANT_AND_HOST
    }

    /** Which functions a ready sandbox can serve. */
    public enum Interchangeable {
        PER_FUNCTION,
        PER_RUNTIME
    }

    /** How a sandbox gets back to its ready state. */
    public enum Recycle {
        /** It is kept as it is for the same function (or app): state of the last invocation stays visible to the next. */
        KEEP,
        /** Its RECYCLE steps restore the ready state. */
        RESTORE,
        /** It is destroyed; the next invocation gets a new one. */
        REPLACE
    }

    public Stack {
        Objects.requireNonNull(name);
        Objects.requireNonNull(boundary);
        if (perProcess < 1) {
            throw new IllegalArgumentException("stack " + name + ": a process holds at least one sandbox, not " + perProcess);
        }
        EnumMap<Phase, List<Step>> phases = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            phases.put(phase, List.copyOf(lifecycle.getOrDefault(phase, List.of())));
        }
        lifecycle = Collections.unmodifiableMap(phases);
        paths = Collections.unmodifiableMap(new TreeMap<>(paths));
        switchCosts = Map.copyOf(switchCosts);
    }

    /** The steps of a phase, in order. */
    public List<Step> steps(Phase phase) {
        return lifecycle.get(phase);
    }
}
