package sandglass.kvm.leftovers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A program that makes things and is then killed. Arguments: state directory, directory for its own, what to make. */
final class Maker {

    private final Journal journal;
    private final Path place;

    private Maker(Journal journal, Path place) {
        this.journal = journal;
        this.place = place;
    }

    public static void main(String[] arguments) throws Exception {
        Maker maker = new Maker(Journal.open(Path.of(arguments[0])), Path.of(arguments[1]));
        do {
            for (String what : arguments[2].split(",")) {
                maker.make(what);
            }
        } while (arguments.length > 3);
        System.out.println("made");
        System.in.read();
    }

    private void make(String what) throws Exception {
        switch (what) {
            case "directory" -> directory();
            case "process" -> process();
            case "released" -> journal.add(Kind.DIRECTORY, place.resolve(journal.name("r")).toString()).done();
            case "devices" -> {
                String tap = journal.name("sgt");
                journal.add(Kind.TAP, tap);
                run("ip", "tuntap", "add", "dev", tap, "mode", "tap");
                String namespace = journal.name("sgn");
                journal.add(Kind.NETNS, namespace);
                run("ip", "netns", "add", namespace);
                String veth = journal.name("sgv");
                journal.add(Kind.VETH, veth);
                run("ip", "link", "add", veth, "type", "veth", "peer", "name", journal.name("sgp"), "netns", namespace);
            }
            case "mount" -> {
                Path point = directory();
                journal.add(Kind.MOUNT, point.toString());
                run("mount", "-t", "tmpfs", "none", point.toString());
                Files.writeString(point.resolve("inside"), "x");
            }
            case "groups" -> {
                for (Path root : hierarchies()) {
                    Path group = root.resolve(journal.name("sgc"));
                    journal.add(Kind.CGROUP, group.toString());
                    Files.createDirectories(group.resolve("inner"));
                    Process sleeper = new ProcessBuilder("sleep", "1000").start();
                    journal.addProcess().started(sleeper.pid());
                    Files.writeString(group.resolve("inner/cgroup.procs"), Long.toString(sleeper.pid()));
                }
            }
            case "setting" -> {
                String old = Files.readString(LeftoversTest.SETTING).strip();
                String ours = Long.toString(Long.parseLong(old) + 1);
                journal.add(Kind.SETTING, LeftoversTest.SETTING.toString(), old, ours);
                Files.writeString(LeftoversTest.SETTING, ours);
            }
            default -> throw new IllegalArgumentException(what);
        }
    }

    /** Those of version 1 that are mounted, or that of version 2. */
    static List<Path> hierarchies() {
        return Stream.of("/sys/fs/cgroup/memory", "/sys/fs/cgroup/freezer", "/sys/fs/cgroup/unified", "/sys/fs/cgroup").map(Path::of)
                .filter(root -> Files.isWritable(root.resolve("cgroup.procs"))).toList();
    }

    private Path directory() throws Exception {
        Path directory = place.resolve(journal.name("d"));
        journal.add(Kind.DIRECTORY, directory.toString());
        Files.createDirectories(directory.resolve("deep/er"));
        Files.createSymbolicLink(directory.resolve("link"), place);
        return directory;
    }

    /** With a child of its own that has left its group. */
    private void process() throws Exception {
        Entry entry = journal.addProcess();
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "setsid sleep 1000 & exec sleep 1000");
        builder.environment().put(Journal.TOKEN, entry.name());
        Process process = builder.start();
        if (place.toString().length() % 2 == 0) {
            entry.started(process.pid());
        }
    }

    private static void run(String... words) throws Exception {
        if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", words));
        }
    }
}
