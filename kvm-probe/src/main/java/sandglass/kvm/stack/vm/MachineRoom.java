package sandglass.kvm.stack.vm;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.sys.SystemCallException;

/** Makes machines, with everything on the host that belongs to one. Safe for use by several threads. */
final class MachineRoom {

    /** However slow a host is, a machine that boots has these, and several times what the trial took for each that boots beside it. */
    private static final long PATIENCE_NS = 30_000_000_000L;
    private static final int PATIENCE_BOOTS = 5;

    private final Blueprint blueprint;
    private final GuestNetwork network;
    private final Optional<ScratchDisk> disk;
    private final Path directory;
    private final Journal journal;
    private final ScheduledExecutorService killer;
    private final LongSupplier clockNs;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger starting = new AtomicInteger();

    MachineRoom(Blueprint blueprint, GuestNetwork network, Optional<ScratchDisk> disk, Path directory, Journal journal,
            ScheduledExecutorService killer, LongSupplier clockNs) {
        this.blueprint = blueprint;
        this.network = network;
        this.disk = disk;
        this.directory = directory;
        this.journal = journal;
        this.killer = killer;
        this.clockNs = clockNs;
    }

    /**
     * A machine that is ready to be told how to go on, and what belongs to it.
     *
     * @param steps      how long each step took, ns
     * @param diskImage  its own disk
     * @param controlled QEMU's control channel; only of machines that are frozen or restored
     */
    record Made(Machine machine, GuestNetwork.Attachment attachment, Optional<Path> diskImage, Optional<Monitor> controlled,
            Map<String, Long> steps) {

        /** Ends it; nothing of it is left. */
        void remove() {
            try {
                machine.qemu().end();
                if (controlled.isPresent()) {
                    controlled.get().close();
                }
                if (diskImage.isPresent()) {
                    Files.deleteIfExists(diskImage.get());
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                attachment.detach().run();
            }
        }
    }

    /**
     * A machine's state, to be given to others.
     *
     * @param memory    path of a memory file that nobody writes to any more
     * @param devices   state of processor and devices
     * @param diskImage the disk that the frozen file system is on
     */
    record Snapshot(String memory, byte[] devices, Optional<Path> diskImage) {
    }

    /** Boots a machine. */
    Made boot() throws QemuProcess.FailedException {
        return make(Optional.empty(), Optional.empty());
    }

    /** Boots a machine whose memory others can see, and freezes it; then it is gone. */
    Snapshot snapshot(String memory) throws QemuProcess.FailedException {
        Made made = make(Optional.of(new Blueprint.Memory(memory, true)), Optional.empty());
        try {
            byte[] state = made.controlled().orElseThrow().freeze(directory.resolve("state"));
            made.machine().qemu().end();
            Optional<Path> frozen = Optional.empty();
            if (made.diskImage().isPresent()) {
                frozen = Optional.of(Files.move(made.diskImage().get(), directory.resolve("frozen-disk")));
            }
            return new Snapshot(memory, state, frozen);
        } catch (IOException e) {
            throw made.machine().qemu().failed("the machine's state could not be saved: " + e.getMessage());
        } finally {
            made.remove();
        }
    }

    /** Makes a machine that goes on where another one was frozen. */
    Made restore(Snapshot snapshot) throws QemuProcess.FailedException {
        return make(Optional.of(new Blueprint.Memory(snapshot.memory(), false)), Optional.of(snapshot));
    }

    private Made make(Optional<Blueprint.Memory> memory, Optional<Snapshot> snapshot) throws QemuProcess.FailedException {
        int number = numbers.incrementAndGet();
        Steps steps = new Steps(clockNs);
        GuestNetwork.Attachment attachment = attach();
        steps.done("tap");
        Optional<Path> image = Optional.empty();
        QemuProcess qemu = null;
        try {
            image = disk(number, snapshot);
            steps.done("disk");
            Path portPath = directory.resolve(number + ".port");
            Path monitorPath = directory.resolve(number + ".monitor");
            List<String> arguments = snapshot.isPresent() ? blueprint.restored(memory.orElseThrow(), portPath, image, Optional.of(attachment))
                    : blueprint.boot(memory, portPath, image, Optional.of(attachment));
            Optional<QemuProcess.Listener> monitor = Optional.empty();
            QemuProcess.Listener port = QemuProcess.Listener.at(portPath);
            if (memory.isPresent()) {
                monitor = Optional.of(QemuProcess.Listener.at(monitorPath));
                arguments.addAll(Blueprint.controlled(monitorPath));
            }
            qemu = QemuProcess.start(arguments, Optional.of(network), journal);
            Made made = started(qemu, port, monitor, attachment, image, snapshot, steps);
            qemu = null;
            return made;
        } catch (IOException e) {
            throw new QemuProcess.FailedException("cannot make a virtual machine: " + e.getMessage(), "");
        } finally {
            if (qemu != null || steps.isUnfinished()) {
                clear(qemu, attachment, image);
            }
        }
    }

    private GuestNetwork.Attachment attach() throws QemuProcess.FailedException {
        try {
            return network.attach();
        } catch (SystemCallException e) {
            throw new QemuProcess.FailedException("no tap device (" + e.getMessage() + "); sudo modprobe tun gets the driver", "");
        }
    }

    private Optional<Path> disk(int number, Optional<Snapshot> snapshot) throws IOException {
        if (disk.isEmpty()) {
            return Optional.empty();
        }
        Path source = snapshot.flatMap(Snapshot::diskImage).orElse(disk.get().master());
        return Optional.of(disk.get().copy(source, directory.resolve(number + ".disk")));
    }

    private Made started(QemuProcess qemu, QemuProcess.Listener port, Optional<QemuProcess.Listener> monitor,
            GuestNetwork.Attachment attachment, Optional<Path> image, Optional<Snapshot> snapshot, Steps steps)
            throws QemuProcess.FailedException, IOException {
        long limitNs = PATIENCE_NS + PATIENCE_BOOTS * blueprint.accelerator().bootNs() * starting.incrementAndGet();
        ScheduledFuture<?> limit = killer.schedule(qemu::kill, limitNs, TimeUnit.NANOSECONDS);
        try {
            SocketChannel connection = qemu.accept(port);
            Optional<Monitor> controlled = Optional.empty();
            if (monitor.isPresent()) {
                controlled = Optional.of(new Monitor(qemu.accept(monitor.get())));
            }
            steps.done("vmm");
            Machine machine = new Machine(qemu, connection);
            if (snapshot.isPresent()) {
                controlled.orElseThrow().restore(snapshot.get().devices(), directory.resolve("s" + numbers.incrementAndGet()));
                steps.done("load-snapshot");
            } else {
                Machine.Hello hello = machine.awaitReady();
                steps.done("kernel", "interpreter", hello.interpreterNs());
            }
            return new Made(machine, attachment, image, controlled, steps.finish());
        } catch (QemuProcess.FailedException e) {
            if (limit.isDone()) {
                throw new QemuProcess.FailedException("the virtual machine was not ready within " + limitNs / 1_000_000 + " ms",
                        e.log());
            }
            throw e;
        } finally {
            limit.cancel(false);
            starting.decrementAndGet();
        }
    }

    private static void clear(QemuProcess qemu, GuestNetwork.Attachment attachment, Optional<Path> image) {
        if (qemu != null) {
            qemu.end();
        }
        image.ifPresent(path -> path.toFile().delete());
        attachment.detach().run();
    }

    /** Durations of steps, one after the other. */
    private static final class Steps {

        private final LongSupplier clockNs;
        private final Map<String, Long> ns = new LinkedHashMap<>();
        private long lastNs;
        private boolean finished;

        Steps(LongSupplier clockNs) {
            this.clockNs = clockNs;
            this.lastNs = clockNs.getAsLong();
        }

        long done(String step) {
            long nowNs = clockNs.getAsLong();
            ns.put(step, nowNs - lastNs);
            lastNs = nowNs;
            return ns.get(step);
        }

        /** Two steps, of which the second's length is known from elsewhere. */
        void done(String first, String second, long secondNs) {
            long bothNs = done(first);
            ns.put(first, Math.max(0, bothNs - secondNs));
            ns.put(second, Math.min(bothNs, secondNs));
        }

        Map<String, Long> finish() {
            finished = true;
            return ns;
        }

        boolean isUnfinished() {
            return !finished;
        }
    }
}
