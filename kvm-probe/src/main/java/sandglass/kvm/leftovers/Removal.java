package sandglass.kvm.leftovers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.SystemCallException;

/**
 * Takes things off the host. Each way may be gone twice, and removing what is not there is no failure: an announced thing need
 * not have been made.
 */
final class Removal {

    private static final long PATIENCE_NS = 30_000_000_000L;
    private static final long COMMAND_LIMIT_S = 30;
    private static final long PAUSE_MS = 5;
    private static final Path SETTINGS = Path.of("/sys/kernel/mm");
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT = 4;

    private final String tag;

    /** @param tag that each name of the journal contains */
    Removal(String tag) {
        this.tag = tag;
    }

    /** Why a thing is still there. */
    private static final class RemovalException extends Exception {

        private static final long serialVersionUID = 1L;

        RemovalException(String reason) {
            super(reason);
        }
    }

    /** Removes things, the last first; gives those that it could not. */
    List<Leftovers.Failure> removeAll(List<Leftover> things) {
        List<Leftovers.Failure> failures = new ArrayList<>();
        for (int i = things.size() - 1; i >= 0; i--) {
            Leftover thing = things.get(i);
            try {
                remove(thing);
            } catch (RemovalException | IOException | SystemCallException e) {
                failures.add(new Leftovers.Failure(thing.toString(), e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failures.add(new Leftovers.Failure(thing.toString(), "interrupted"));
            }
        }
        return failures;
    }

    private void remove(Leftover thing) throws RemovalException, IOException, InterruptedException {
        if (thing.kind().isNamed() && (tag.isEmpty() || !thing.name().contains(tag))) {
            throw new RemovalException("its name is not one that the journal gave, so it could be somebody else's");
        }
        switch (thing.kind()) {
            case CONTAINER -> container(thing.details().get(0), thing.name());
            case PROCESS -> process(thing);
            case TAP, VETH -> device(thing.name());
            case NETNS -> namespace(thing.name());
            case MOUNT -> unmount(thing.name());
            case CGROUP -> controlGroup(Path.of(thing.name()));
            case DIRECTORY -> directory(Path.of(thing.name()));
            case SETTING -> setting(Path.of(thing.name()).normalize(), thing.details());
            default -> throw new IllegalStateException(thing.toString());
        }
    }

    private static void container(String root, String id) throws RemovalException, IOException, InterruptedException {
        if (Files.exists(Path.of(root, id))) {
            command("runc", "--root", root, "delete", "--force", id);
        }
    }

    /** Until none is left: children begin while others are found. */
    private static void process(Leftover thing) throws RemovalException, InterruptedException {
        if (thing.details().size() == 2) {
            Processes.kill(Long.parseLong(thing.details().get(0)), Long.parseLong(thing.details().get(1)));
        } else {
            Processes.awaitStarting(PATIENCE_NS);
        }
        String assignment = Journal.TOKEN + "=" + thing.name();
        long begunNs = System.nanoTime();
        List<Long> left = Processes.withEnvironment(assignment);
        while (!left.isEmpty()) {
            if (System.nanoTime() - begunNs > PATIENCE_NS) {
                throw new RemovalException("these processes do not end: " + left);
            }
            for (long pid : left) {
                long start = Processes.startTicks(pid);
                if (start != Processes.NONE) {
                    Processes.kill(pid, start);
                }
            }
            Thread.sleep(PAUSE_MS);
            left = Processes.withEnvironment(assignment);
        }
    }

    private static void device(String name) throws RemovalException, IOException, InterruptedException {
        if (Files.exists(Path.of("/sys/class/net", name))) {
            command("ip", "link", "delete", name);
        }
    }

    private static void namespace(String name) throws RemovalException, IOException, InterruptedException {
        if (Files.exists(Path.of("/run/netns", name))) {
            command("ip", "netns", "delete", name);
        }
    }

    /** As often as something is mounted there: mounts pile up. */
    private static void unmount(String point) {
        boolean more = true;
        while (more) {
            more = Linux.unmount(point);
        }
    }

    /** Ends what runs in a group, then takes away the groups, the inner ones first. */
    private static void controlGroup(Path group) throws RemovalException, IOException, InterruptedException {
        long begunNs = System.nanoTime();
        while (Files.isDirectory(group)) {
            killIn(group);
            if (removeGroups(group)) {
                return;
            }
            if (System.nanoTime() - begunNs > PATIENCE_NS) {
                throw new RemovalException("something in it does not end");
            }
            Thread.sleep(PAUSE_MS);
        }
    }

    private static void killIn(Path group) throws IOException {
        for (Path inner : directories(group)) {
            killIn(inner);
        }
        Path frozen = group.resolve("cgroup.freeze");
        if (Files.exists(frozen)) {
            write(frozen, "0");
        }
        Path state = group.resolve("freezer.state");
        if (Files.exists(state)) {
            write(state, "THAWED");
        }
        for (String line : Files.readString(group.resolve("cgroup.procs")).lines().toList()) {
            long pid = Long.parseLong(line);
            long start = Processes.startTicks(pid);
            if (pid > 1 && start != Processes.NONE) {
                Processes.kill(pid, start);
            }
        }
    }

    private static boolean removeGroups(Path group) throws IOException {
        boolean gone = true;
        for (Path inner : directories(group)) {
            gone &= removeGroups(inner);
        }
        return gone && group.toFile().delete();
    }

    private static List<Path> directories(Path group) throws IOException {
        try (DirectoryStream<Path> inner = Files.newDirectoryStream(group, path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))) {
            List<Path> found = new ArrayList<>();
            inner.forEach(found::add);
            return found;
        }
    }

    /** Mounts below it first: what is mounted there may belong to others. */
    private static void directory(Path directory) throws RemovalException, IOException {
        List<String> mounted = mountsBelow(directory);
        for (int i = mounted.size() - 1; i >= 0; i--) {
            unmount(mounted.get(i));
        }
        if (!mountsBelow(directory).isEmpty()) {
            throw new RemovalException("still mounted: " + mountsBelow(directory));
        }
        delete(directory);
    }

    private static List<String> mountsBelow(Path directory) throws IOException {
        String whole = directory.toString();
        return Files.readString(MOUNTS, StandardCharsets.ISO_8859_1).lines().map(line -> line.split(" ")[MOUNT_POINT])
                .filter(point -> point.equals(whole) || point.startsWith(whole + "/")).toList();
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> inner = Files.newDirectoryStream(path)) {
                for (Path one : inner) {
                    delete(one);
                }
            } catch (NoSuchFileException e) {
                return;
            }
        }
        Files.deleteIfExists(path);
    }

    /** Only if it is still what this program set: who changed it since wants it so. */
    private static void setting(Path file, List<String> details) throws RemovalException, IOException {
        if (!file.startsWith(SETTINGS)) {
            throw new RemovalException("not a setting of " + SETTINGS);
        }
        if (Files.exists(file) && Files.readString(file).strip().equals(details.get(1))) {
            // This takes merged pages apart, which is for their owners to want: there are none of ours any more, unless of this process.
            for (String between : MergedPages.ofOthers().isEmpty() ? details.subList(2, details.size()) : List.<String>of()) {
                write(file, between);
            }
            write(file, details.get(0));
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void command(String... words) throws RemovalException, IOException, InterruptedException {
        Path said = Files.createTempFile("sandglass-removal", ".txt");
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile()).start();
            if (!process.waitFor(COMMAND_LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new RemovalException(String.join(" ", words) + " does not end");
            }
            if (process.exitValue() != 0) {
                throw new RemovalException(String.join(" ", words) + ": " + Files.readString(said).strip());
            }
        } finally {
            Files.deleteIfExists(said);
        }
    }
}
