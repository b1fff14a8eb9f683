package sandglass.model;

import java.util.ArrayList;
import java.util.List;
import sandglass.scenario.Batching;
import sandglass.scenario.Hop;
import sandglass.scenario.IoPath;
import sandglass.scenario.Op;
import sandglass.scenario.Phase;
import sandglass.scenario.Server;
import sandglass.scenario.Step;
import sandglass.unit.Unit;

/** Turns one get or post through a path into stages. The size is known, so all counts are. */
final class PathCompiler {

    private final CostBook costs;
    private final StageMaker make;
    private final Poller poller;

    /** @param poller sees notifications instead of interrupts, or null */
    PathCompiler(CostBook costs, StageMaker make, Poller poller) {
        this.costs = costs;
        this.make = make;
        this.poller = poller;
    }

    /** The stages of one transfer, between marks of its beginning and end. */
    void add(List<Stage> stages, Op op, IoPath path, long bytes) {
        double gapNs = packetGapNs(path, bytes);
        PathCounts counts = PathCounts.of(path, bytes, gapNs);
        stages.add(new TransferMark(op, true));
        if (path.overlap() == IoPath.Overlap.PIPELINED) {
            addPipeline(stages, path, counts);
        } else {
            addSerial(stages, path, counts, gapNs);
        }
        stages.add(new TransferMark(op, false));
    }

    private void addSerial(List<Stage> stages, IoPath path, PathCounts counts, double gapNs) {
        boolean held = false;
        for (Hop hop : met(path, counts)) {
            if (!held && hop.per() == Hop.Per.BATCH && path.batching() instanceof Batching.ByTime by) {
                stages.add(new Pause(Math.max(0, Math.round(counts.batches() * (double) by.windowNs() - counts.packets() * gapNs))));
                held = true;
            }
            stages.addAll(parts(path, hop, counts));
        }
    }

    private void addPipeline(List<Stage> stages, IoPath path, PathCounts counts) {
        List<Pipeline.PipedHop> hops = new ArrayList<>();
        met(path, counts).forEach(hop -> hops.add(new Pipeline.PipedHop(counts.units(hop.per()), parts(path, hop, counts))));
        boolean held = path.batching() instanceof Batching.ByTime && path.hops().stream().anyMatch(hop -> hop.per() == Hop.Per.BATCH);
        long windowNs = held ? ((Batching.ByTime) path.batching()).windowNs() : 0;
        stages.add(Pipeline.of(hops, held ? counts.batches() : 0, windowNs));
    }

    private static List<Hop> met(IoPath path, PathCounts counts) {
        return path.hops().stream().filter(hop -> hop.met(counts.bytes())).toList();
    }

    private List<Stage> parts(IoPath path, Hop hop, PathCounts counts) {
        List<Stage> parts = new ArrayList<>();
        long units = counts.units(hop.per());
        String label = label(path, hop);
        if (hop.notification() && poller != null) {
            parts.add(new Polled(poller, units));
            return parts;
        }
        Repetitions repetitions = new Repetitions(Step.Per.ONCE, units, true);
        make.crossings(parts, Server.CPU, Phase.RUN, repetitions, hop.switches(), label);
        if (hop.copies() > 0 && counts.bytes() > 0) {
            Cost cost = costs.require(hop.copyCost(), label, Unit.NANOSECONDS_PER_BYTE);
            parts.add(new Copy(make.place(Server.CPU), hop.copies() * counts.bytes(), cost, make.stream("copy." + label, cost), make.books()));
        }
        if (!hop.cost().isEmpty()) {
            Cost cost = costs.require(hop.cost(), label, unit(hop));
            parts.add(new Charge(make.place(hop.server()), hop.server().computes(), 0, repetitions, cost, make.stream("cost." + label, cost),
                    make.books()));
        }
        return parts;
    }

    /** The expected time between two packets before the first hop per batch: the slowest hop before it sets it. */
    private double packetGapNs(IoPath path, long bytes) {
        if (!(path.batching() instanceof Batching.ByTime)) {
            return 0;
        }
        PathCounts unbatched = PathCounts.of(path.with(new Batching.None()), bytes);
        double slowestNs = 0;
        for (Hop hop : path.hops()) {
            if (hop.per() == Hop.Per.BATCH) {
                break;
            }
            if (hop.per() != Hop.Per.CALL) {
                slowestNs = Math.max(slowestNs, expectedNs(path, hop, unbatched));
            }
        }
        return unbatched.packets() == 0 ? 0 : slowestNs / unbatched.packets();
    }

    private double expectedNs(IoPath path, Hop hop, PathCounts counts) {
        String label = label(path, hop);
        double unitNs = hop.cost().isEmpty() ? 0 : costs.require(hop.cost(), label, unit(hop)).mean();
        for (var entry : hop.switches().entrySet()) {
            unitNs += entry.getValue() * make.switchCost(entry.getKey(), label).mean();
        }
        double copyNs = hop.copies() == 0
                ? 0
                : hop.copies() * counts.bytes() * costs.require(hop.copyCost(), label, Unit.NANOSECONDS_PER_BYTE).mean();
        return unitNs * counts.units(hop.per()) + copyNs;
    }

    private static Unit unit(Hop hop) {
        return hop.per() == Hop.Per.BYTE ? Unit.NANOSECONDS_PER_BYTE : Unit.NANOSECONDS;
    }

    private static String label(IoPath path, Hop hop) {
        return "hop " + hop.name() + " of path " + path.name();
    }
}
