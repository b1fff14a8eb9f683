package sandglass.kvm.atom;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All atoms, one a line, in the order in which they are measured. */
public final class Catalogue {

    private Catalogue() {
    }

    /** Every atom. */
    public static List<Atom> all() {
        return List.of(
                HostCalls.systemCall(),
                HostCalls.contextSwitch(),
                HostCalls.slice(),
                HostCalls.wakeGrace(),
                HostMemoryCosts.bandwidth(),
                HostMemoryCosts.faults(),
                LiveMemory.imports(),
                HostIo.disk(),
                HostIo.loopback(),
                HostIo.tap(),
                SamepageMerging.scanning(),
                GuestExits.exits(),
                GuestExits.faults(),
                GuestExits.machines(),
                LiveStarts.handOver(),
                LateWakes.atom(),
                CoolingTimes.ofCalls(),
                CoolingTimes.ofRecycling(),
                LiveStarts.unikernel(),
                AddressSpace.neighbours(),
                AddressSpace.exclusion(),
                LiveStarts.process(),
                SliceLoss.atom(),
                LiveCalls.unikernel(),
                LiveCalls.withoutGuest("process"),
                DisplacedCalls.of("usetl"),
                DisplacedCalls.of("process"),
                LiveMemory.unikernel(),
                LiveMemory.process(),
                LiveHoldings.unikernel(),
                LiveHoldings.process(),
                TransferCosts.of("usetl"),
                TransferCosts.of("process"),
                LiveTransfers.firsts("usetl"),
                LiveTransfers.firsts("process"),
                SteppedStarts.container(),
                KernelObjects.ofContainers(),
                LiveCalls.withoutGuest("container"),
                TransferCosts.of("container"),
                LiveTransfers.firsts("container"),
                ContainerMemory.of("container"),
                SteppedStarts.zygote(),
                GraceMemory.atom(),
                LiveCalls.withoutGuest("zygote"),
                TransferCosts.of("zygote"),
                ContainerMemory.of("zygote"),
                SteppedStarts.criu(),
                LiveCalls.withoutGuest("criu"),
                TransferCosts.of("criu"),
                ContainerMemory.of("criu"),
                MachineStarts.boots(),
                MachineStarts.restores());
    }

    /**
     * Those that somebody asked for.
     *
     * @param stacks whose atoms; empty for all. The host's own always belong to them
     * @param only   names of atoms; empty for all
     */
    public static List<Atom> select(Set<String> stacks, Set<String> only) {
        List<Atom> chosen = new ArrayList<>();
        for (Atom atom : all()) {
            boolean isOfStack = stacks.isEmpty() || atom.stacks().contains(Atom.HOST) || atom.stacks().stream().anyMatch(stacks::contains);
            if (only.isEmpty() ? isOfStack : only.contains(atom.name())) {
                chosen.add(atom);
            }
        }
        return chosen;
    }
}
