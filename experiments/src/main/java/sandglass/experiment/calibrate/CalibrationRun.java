package sandglass.experiment.calibrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.experiment.read.BadInputException;
import sandglass.experiment.read.CalibrationReader;
import sandglass.experiment.write.CalibrationWriter;
import sandglass.kvm.atom.Atom;
import sandglass.kvm.atom.Bench;
import sandglass.kvm.measure.Fingerprint;
import sandglass.kvm.measure.Privilege;
import sandglass.kvm.measure.WakefulCores;
import sandglass.kvm.stack.LiveConfig;
import sandglass.result.Clock;

/** One {@code calibrate}: measures what is missing, fits everything, writes the file. */
public final class CalibrationRun {

    /** What the side file's name has beyond the calibration's. */
    public static final String SIDE_FILE = ".atoms.jsonl";

    /** A calibration takes no longer than this as a rule: atoms that would come later get fewer rounds. */
    private static final double LIMIT_SECONDS = 570;
    /**
     * A host is slower in one minute than in the next. Atoms that are measured in passes, each through all of them, are not each measured in a
     * minute of its own.
     */
    private static final int PASSES = 3;
    private static final Set<String> ONCE = Set.of("vm", "vm-snapshot", "microvm", "microvm-snapshot");

    private final Path out;
    private final List<Atom> atoms;
    private final List<Atom> wanted;
    private final boolean again;
    private final boolean more;
    private final Bench bench;
    private final Map<String, String> host;
    private final Consumer<String> progress;

    /**
     * @param out      the calibration to write
     * @param atoms    every atom there is
     * @param only     names of those to measure even if they are there already; empty for all that are missing
     * @param selected those that belong to the calibration
     * @param more     whether what a complete calibration measured in passes is measured in as many again, beside what is there
     * @param progress told each atom before it begins
     */
    public CalibrationRun(Path out, List<Atom> atoms, List<Atom> selected, Set<String> only, boolean more, boolean quick,
            java.util.function.LongSupplier clockNs, Consumer<String> progress) {
        this.out = out;
        this.atoms = atoms;
        this.wanted = selected;
        this.again = !only.isEmpty();
        this.more = more;
        LiveConfig config = LiveConfig.defaults();
        this.bench = new Bench(clockNs, config, out.resolveSibling("." + out.getFileName() + ".scratch"), quick, Privilege.isRoot());
        this.host = Fingerprint.ofThisHost(config.interpreter());
        this.progress = progress;
    }

    /** Where the raw values go. */
    public static Path sideFile(Path out) {
        return out.resolveSibling(out.getFileName() + SIDE_FILE);
    }

    /**
     * Measures and writes.
     *
     * @param carried what stays where this host gives no better
     * @throws InterruptedException if nobody waits any more
     */
    public Calibrated run(Calibration carried) throws InterruptedException {
        Path side = sideFile(out);
        if (more && !Files.exists(side)) {
            throw nothingToAddTo();
        }
        Calibration base = again ? withWhatIsThere(carried) : carried;
        try {
            Path directory = out.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            try (WakefulCores awake = WakefulCores.request(); AtomLog log = AtomLog.open(side)) {
                if (!awake.granted()) {
                    progress.accept("cores halt when idle, which makes times uneven; root can keep them awake");
                }
                prepare(log);
                removeScratch();
                Files.createDirectories(bench.scratch());
                try {
                    measure(log);
                } finally {
                    removeScratch();
                }
                return write(base, log);
            }
        } catch (IOException e) {
            throw BadInputException.of("--out " + out, "cannot be written to: " + e.getClass().getSimpleName().replace("Exception", "") + " "
                    + e.getMessage());
        }
    }

    private BadInputException nothingToAddTo() {
        return BadInputException.of("--more", sideFile(out) + " has no raw values of this host, measured without --quick; expected those of an"
                + " earlier calibrate --out " + out);
    }

    /** Goes on with an interrupted calibration of this host; begins anew after a complete one, unless single atoms are measured again. */
    private void prepare(AtomLog log) throws IOException {
        AtomLog.Header conditions = new AtomLog.Header(host, bench.quick());
        if (more && !log.header().equals(Optional.of(conditions))) {
            throw nothingToAddTo();
        }
        if (log.header().isEmpty() || !log.header().get().equals(conditions) || log.complete() && !again && !more) {
            if (log.header().isPresent() && !log.complete()) {
                progress.accept("the raw values of another host, or with --quick, are there; beginning anew");
            }
            log.begin(conditions);
        } else if (!log.records().isEmpty() && !again && !log.complete()) {
            progress.accept("going on: " + log.records().size() + " atoms are measured already");
        }
    }

    /** Where single atoms are measured again, the others stay as the file has them, though their raw values may be gone. */
    private Calibration withWhatIsThere(Calibration carried) {
        if (!Files.exists(out)) {
            return carried;
        }
        Calibration there = CalibrationReader.read(out, out.toString());
        if (there.host().isEmpty() || ForeignHost.difference(there, host).isPresent()) {
            return carried;
        }
        Map<String, Parameter> both = new TreeMap<>(carried.parameters());
        both.putAll(there.parameters());
        return new Calibration(carried.name(), carried.digest(), both);
    }

    private void measure(AtomLog log) throws IOException, InterruptedException {
        List<Turn> missing = new ArrayList<>();
        int most = passesIn(log);
        for (int pass = 1; pass <= most; pass++) {
            for (Atom atom : wanted) {
                int there = again || !log.records().containsKey(atom.name()) ? 0 : log.records().get(atom.name()).passes();
                int of = inPasses(atom) ? most : 1;
                if (pass <= of && pass > there) {
                    missing.add(new Turn(atom, pass, of));
                }
            }
        }
        double leftSeconds = missing.stream().mapToDouble(turn -> turn.seconds(bench)).sum();
        long beginNs = bench.nowNs();
        for (int i = 0; i < missing.size(); i++) {
            Turn turn = missing.get(i);
            String name = turn.atom.name();
            progress.accept(String.format("atom %d of %d, %s%s; about %.0f s left", i + 1, missing.size(), name,
                    turn.of == 1 ? "" : ", pass " + turn.pass + " of " + turn.of, leftSeconds));
            long startNs = bench.nowNs();
            boolean late = (startNs - beginNs) / 1e9 + leftSeconds > LIMIT_SECONDS;
            List<sandglass.kvm.atom.Reading> readings = turn.atom.measure(late ? bench.hurried() : turn.bench(bench));
            double seconds = (bench.nowNs() - startNs) / 1e9;
            AtomRecord now = new AtomRecord(name, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), seconds,
                    java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(), 1, readings);
            log.add(turn.pass == 1 ? now : log.records().get(name).and(now));
            leftSeconds -= turn.seconds(bench);
        }
        log.finish();
    }

    /** One pass of an atom. */
    private record Turn(Atom atom, int pass, int of) {
        /** With so many rounds that three passes have all. */
        Bench bench(Bench whole) {
            return whole.inPasses(Math.min(of, PASSES));
        }

        double seconds(Bench whole) {
            return atom.seconds().of(bench(whole));
        }
    }

    /** Sizes do not drift, and a virtual machine takes seconds to boot. */
    private boolean inPasses(Atom atom) {
        return !bench.quick() && atom.clock() != Clock.NONE && !ONCE.containsAll(atom.stacks());
    }

    /** In how many passes there will be what is measured in passes: an interrupted calibration goes on to the next full number. */
    private int passesIn(AtomLog log) {
        int there = again ? 0 : log.records().values().stream().mapToInt(AtomRecord::passes).max().orElse(0);
        return more && log.complete() ? there + PASSES : Math.max(PASSES, (there + PASSES - 1) / PASSES * PASSES);
    }

    private Calibrated write(Calibration carried, AtomLog log) throws IOException {
        Fitting fitting = new Fitting(carried, host);
        for (Atom atom : atoms) {
            if (log.records().containsKey(atom.name())) {
                fitting.add(atom, log.records().get(atom.name()));
            }
        }
        Calibration calibration = fitting.calibration(out.getFileName().toString().replaceFirst("\\.json$", ""));
        Path written = out.resolveSibling(out.getFileName() + ".part");
        Files.writeString(written, CalibrationWriter.text(calibration));
        Files.move(written, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Calibrated(calibration, fitting.measured(), fitting.fits(), fitting.unsupported(), fitting.carried());
    }

    private void removeScratch() {
        if (!Files.exists(bench.scratch())) {
            return;
        }
        try {
            Files.walkFileTree(bench.scratch(), new SimpleFileVisitor<>() {
                @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + bench.scratch(), e);
        }
    }
}
