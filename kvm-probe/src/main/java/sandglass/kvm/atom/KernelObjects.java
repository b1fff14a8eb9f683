package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.kvm.leftovers.Entry;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.leftovers.Kind;
import sandglass.kvm.measure.ControlGroup;
import sandglass.kvm.net.PrivateNetwork;
import sandglass.kvm.net.Traffic;
import sandglass.kvm.sys.NetworkNamespace;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** The kernel's objects of which containers are made, one by one. */
final class KernelObjects {

    private static final int OBJECTS = 100;

    private KernelObjects() {
    }

    static Atom ofContainers() {
        return new Atom("container-objects", Set.of("container"), List.of(
                new Quantity("linux.network-namespace", NANOSECONDS, "unshare of the network namespace, until the call returns"),
                new Quantity("linux.veth-pair", NANOSECONDS, "an Ethernet pair between two namespaces, with addresses and neighbours, up"),
                new Quantity("linux.cgroup-create", NANOSECONDS, "a control group in every hierarchy that the host has mounted"),
                new Quantity("linux.cgroup-delete", NANOSECONDS, "taking it away again")),
                "each made and taken away, one after the other; the pair's packet counters must be there and show no packet", Clock.WALL,
                new Seconds(1, 0.5), KernelObjects::measureObjects);
    }

    private static List<Reading> measureObjects(Bench bench) throws UnsupportedHereException, IOException {
        Sample namespace = new Sample("linux.network-namespace");
        Sample pair = new Sample("linux.veth-pair");
        Sample groupCreate = new Sample("linux.cgroup-create");
        Sample groupDelete = new Sample("linux.cgroup-delete");
        int rounds = bench.rounds(OBJECTS);
        long packets = 0;
        try (PrivateNetwork network = PrivateNetwork.open(); Journal journal = Journal.open()) {
            for (int i = 0; i < rounds; i++) {
                long beginNs = bench.nowNs();
                try (NetworkNamespace sandbox = NetworkNamespace.create()) {
                    namespace.add(bench.nowNs() - beginNs);
                    beginNs = bench.nowNs();
                    try (PrivateNetwork.Link link = network.join(sandbox)) {
                        pair.add(bench.nowNs() - beginNs);
                        Traffic traffic = link.traffic();
                        packets += traffic.sentPackets() + traffic.receivedPackets();
                    }
                }
                groups(bench, journal, groupCreate, groupDelete);
            }
        }
        return List.of(namespace.reading(), pair.exactly("packets before anybody sends", packets, 0).reading(),
                groupCreate.exactly("groups made", groupCreate.count(), rounds).reading(),
                groupDelete.exactly("groups taken away", groupDelete.count(), rounds).reading());
    }

    private static void groups(Bench bench, Journal journal, Sample create, Sample delete) throws IOException {
        String name = journal.name("sgc");
        List<Path> groups = ControlGroup.trees().stream().map(tree -> tree.resolve(name)).toList();
        List<Entry> entries = groups.stream().map(group -> journal.add(Kind.CGROUP, group.toString())).toList();
        long beginNs = bench.nowNs();
        for (Path group : groups) {
            Files.createDirectory(group);
        }
        create.add(bench.nowNs() - beginNs);
        beginNs = bench.nowNs();
        for (Path group : groups) {
            Files.delete(group);
        }
        delete.add(bench.nowNs() - beginNs);
        entries.forEach(Entry::done);
    }
}
