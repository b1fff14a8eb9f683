package sandglass.kvm.stack.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.measure.Fingerprint;
import sandglass.run.UnsupportedHereException;

/**
 * Finds the accelerator by booting a machine, once for each host, kernel and QEMU: whether KVM can run a stock kernel shows only then. A
 * software backend such as kvm_pvm cannot; QEMU then stays alive with its guest paused, or the guest goes on a thousand times too slowly.
 */
final class Trial {

    private static final long KVM_LIMIT_S = 20;
    private static final long TCG_LIMIT_S = 180;
    private static final long KHZ_OF_MHZ = 1000;
    private static final int CLOCK_ROUNDS = 30;
    private static final long CLOCK_INTERVAL_MS = 1500;
    private static final Pattern MHZ = Pattern.compile("(?m)^cpu MHz\\s*: (\\d+)");

    private final Path cache;
    private final Path scratch;
    private final Journal journal;
    private final ScheduledExecutorService killer;
    private final LongSupplier clockNs;

    /**
     * @param cache   keeps what was found
     * @param scratch an existing directory with a short path
     */
    Trial(Path cache, Path scratch, Journal journal, ScheduledExecutorService killer, LongSupplier clockNs) {
        this.cache = cache;
        this.scratch = scratch;
        this.journal = journal;
        this.killer = killer;
        this.clockNs = clockNs;
    }

    /**
     * What was found before, or is found now.
     *
     * @param withoutKvm the machines to be, whose accelerator is about to be found
     * @throws UnsupportedHereException if no machine comes up
     */
    Accelerator find(Blueprint withoutKvm, Map<String, String> fingerprint, String qemuVersion) throws UnsupportedHereException {
        String machine = HexFormat.of().toHexDigits((qemuVersion + withoutKvm.kernel().release() + withoutKvm.image().archive()).hashCode());
        Path file = cache.resolve("accelerator-" + host(fingerprint) + "-" + machine + ".properties");
        Optional<Accelerator> known = read(file);
        if (known.isPresent()) {
            return known.get();
        }
        Accelerator found = tryKvm(withoutKvm);
        write(file, found);
        return found;
    }

    /**
     * What the latest trial of this host found, for people.
     *
     * @return empty if none was made since the kernel, KVM or processor last changed
     */
    static Optional<String> latest(Path cache, Map<String, String> fingerprint) {
        String beginning = "accelerator-" + host(fingerprint) + "-";
        try (Stream<Path> files = Files.isDirectory(cache) ? Files.list(cache) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().startsWith(beginning))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .flatMap(Trial::read).map(found -> String.format(Locale.ROOT, "%s, booted in %.1f s%s", found.kind().id(), found.bootNs() / 1e9,
                            found.reason().isEmpty() ? "" : "; " + found.reason().split("; its log")[0]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String host(Map<String, String> fingerprint) {
        return Integer.toHexString((fingerprint.get("cpu") + fingerprint.get("kernel") + fingerprint.get("kvm") + fingerprint.get("nested")
                + Files.isWritable(Path.of("/dev/kvm"))).hashCode());
    }

    private Accelerator tryKvm(Blueprint machine) throws UnsupportedHereException {
        String reason = "no /dev/kvm that this user may write to";
        if (Files.isWritable(Path.of("/dev/kvm"))) {
            try {
                return boot(machine, new Accelerator(Accelerator.Kind.KVM, 0, 0, ""), KVM_LIMIT_S);
            } catch (QemuProcess.FailedException e) {
                reason = "KVM (" + Fingerprint.kvmBackend() + ") does not run a stock kernel: " + e.getMessage();
            }
        }
        try {
            return boot(machine, new Accelerator(Accelerator.Kind.TCG, nominalKhz(), 0, reason), TCG_LIMIT_S);
        } catch (QemuProcess.FailedException e) {
            throw new UnsupportedHereException("no virtual machine comes up here; with KVM: " + reason + "; translated: " + e.getMessage(),
                    "sudo apt-get install -y --reinstall qemu-system-x86, or a host with more free memory than "
                    + (machine.ramBytes() >> 20) + " MiB");
        }
    }

    /** A translated guest has nothing to find its clock's frequency with, so it is told one and then measured against the host's. */
    private static long nominalKhz() {
        try {
            Matcher mhz = MHZ.matcher(Files.readString(Path.of("/proc/cpuinfo")));
            return mhz.find() ? Long.parseLong(mhz.group(1)) * KHZ_OF_MHZ : 2_000_000;
        } catch (IOException e) {
            return 2_000_000;
        }
    }

    private Accelerator boot(Blueprint machine, Accelerator trial, long limitS) throws QemuProcess.FailedException {
        Path path = scratch.resolve("trial");
        QemuProcess.Listener port = QemuProcess.Listener.at(path);
        long beginNs = clockNs.getAsLong();
        QemuProcess qemu;
        try {
            qemu = QemuProcess.start(machine.withAccelerator(trial).boot(Optional.empty(), path, Optional.empty(), Optional.empty()),
                    Optional.empty(), journal);
        } catch (QemuProcess.FailedException e) {
            port.close();
            throw e;
        }
        ScheduledFuture<?> limit = killer.schedule(qemu::kill, limitS, TimeUnit.SECONDS);
        try {
            Machine booted = new Machine(qemu, qemu.accept(port));
            booted.awaitReady();
            long bootNs = clockNs.getAsLong() - beginNs;
            long khz = trial.tscKhz() == 0 ? 0 : Math.round(trial.tscKhz() * booted.clockRate(CLOCK_ROUNDS, CLOCK_INTERVAL_MS, clockNs));
            return new Accelerator(trial.kind(), khz, bootNs, trial.reason());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QemuProcess.FailedException("interrupted", "");
        } catch (QemuProcess.FailedException e) {
            if (limit.isDone()) {
                throw new QemuProcess.FailedException("not ready within " + limitS + " s", e.log());
            }
            throw e;
        } finally {
            limit.cancel(false);
            qemu.end();
        }
    }

    private static Optional<Accelerator> read(Path file) {
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try (var in = Files.newBufferedReader(file)) {
            Properties known = new Properties();
            known.load(in);
            return Optional.of(new Accelerator(Accelerator.Kind.valueOf(known.getProperty("kind")),
                    Long.parseLong(known.getProperty("tsc-khz")), Long.parseLong(known.getProperty("boot-ns")),
                    known.getProperty("reason", "")));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What cannot be kept is found again the next time. */
    private static void write(Path file, Accelerator found) throws UnsupportedHereException {
        Properties properties = new Properties();
        properties.setProperty("kind", found.kind().name());
        properties.setProperty("tsc-khz", Long.toString(found.tscKhz()));
        properties.setProperty("boot-ns", Long.toString(found.bootNs()));
        properties.setProperty("reason", found.reason());
        try {
            Files.createDirectories(file.getParent());
            Path unfinished = Files.createTempFile(file.getParent(), "accelerator", ".new");
            try (var out = Files.newBufferedWriter(unfinished)) {
                properties.store(out, null);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UnsupportedHereException("cannot keep in " + file.getParent() + " what the trial boot found: " + e,
                    "make room there, or set XDG_CACHE_HOME to a directory that this user may write to");
        }
    }
}
