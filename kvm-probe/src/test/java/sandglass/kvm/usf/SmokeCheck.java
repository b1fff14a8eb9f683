package sandglass.kvm.usf;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import sandglass.kvm.soak.HostileProgram;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.PrivatePages;
import sandglass.kvm.usf.call.GuestProcess;
import sandglass.kvm.usf.call.Pause;
import sandglass.kvm.usf.call.SystemCallTable;
import sandglass.kvm.usf.cpu.Backend;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.cpu.SyscallPath;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.Watchdog;

/**
 * The tests that say most about a KVM backend, as a program that needs nothing but a Java runtime: for machines where
 * there is neither Maven nor JUnit, such as the emulated ones of {@code backend-check}. One line a check; the exit code
 * is 0 if all hold and 1 if not. Oracles: what the SDM says of each instruction, and comparison of memory with the
 * template.
 */
public final class SmokeCheck {

    private static final String INCREMENT = "def handler(event, etl):\n    return event['n'] + 1\n";
    private static final String LEAVE_SECRETS = """
            import json, random, sys
            SECRET = ''.join(['S3CRET', '-', '0123456789abcdef'])
            def handler(event, etl):
                sys.leak = [SECRET + str(i) for i in range(5000)]
                random.seed(1)
                json.dumps = None
                return len(sys.leak)
            """;
    private static final String SECRET = "S3CRET-0123456789abcdef";
    private static final String FIND_SECRETS = """
            import json, sys
            def handler(event, etl):
                return [hasattr(sys, 'leak'), json.dumps is None]
            """;
    private static final long PROGRAM_LIMIT_NS = 60_000_000_000L;
    private static final long KICK_AFTER_NS = 300_000_000L;
    private static final int RAM_BYTES = 64 << 20;

    private final PrintStream out;
    private final Duration timeLimit;
    private final int stride;
    private int failures;

    /** What a check found: null if all is well and otherwise what is not, and a remark for the reader. */
    private record Finding(String problem, String remark) {

        static Finding of(boolean holds, String remark) {
            return new Finding(holds ? null : "", remark);
        }
    }

    private record Run(Stop stop, String log, int exitCode) {

        String summary() {
            return stop + ", exit code " + exitCode + ", printed \"" + log.strip() + "\"";
        }
    }

    private SmokeCheck(PrintStream out, Duration timeLimit, int stride) {
        this.out = out;
        this.timeLimit = timeLimit;
        this.stride = stride;
    }

    /**
     * Runs all checks.
     *
     * @param arguments the time limit of an invocation in seconds; and n, to run every n-th hostile program only
     */
    public static void main(String[] arguments) {
        SmokeCheck smoke = new SmokeCheck(System.out, Duration.ofSeconds(Long.parseLong(arguments[0])),
                Integer.parseInt(arguments[1]));
        smoke.programs();
        smoke.functions();
        System.out.println(smoke.failures == 0 ? "all checks hold" : smoke.failures + " checks failed");
        System.exit(smoke.failures == 0 ? 0 : 1);
    }

    private void check(String name, Supplier<Finding> body) {
        long startNs = System.nanoTime();
        Finding finding;
        try {
            finding = body.get();
        } catch (RuntimeException e) {
            finding = new Finding(e.toString(), "");
        }
        long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
        boolean holds = finding.problem == null;
        failures += holds ? 0 : 1;
        out.println((holds ? "ok     " : "FAILED ") + name + ": " + finding.remark + (holds ? "" : finding.problem)
                + " (" + elapsedMs + " ms)");
    }

    private void programs() {
        try (Kvm kvm = Kvm.open(); Watchdog watchdog = new Watchdog(System::nanoTime)) {
            SyscallPath path = Backend.probe(kvm);
            check("system calls", () -> Finding.of(true, "the stub runs at " + path));
            check("hello ELF", () -> {
                Run run = run(kvm, watchdog, path, program(TinyElf.hello("hello, unikernel\n", 3)), PROGRAM_LIMIT_NS,
                        List.of("/program"));
                return Finding.of(run.stop.equals(new Stop.Paused(Pause.EXITED)) && run.exitCode == 3
                        && run.log.equals("hello, unikernel\n"), run.summary());
            });
            check("kick of an endless loop", () -> {
                Run run = run(kvm, watchdog, path, program(TinyElf.program(TinyElf.code(0xEB, 0xFE), 0)),
                        KICK_AFTER_NS, List.of("/program"));
                return Finding.of(run.stop.equals(new Stop.OutOfTime()), run.stop.toString());
            });
            check("forged system call", () -> {
                Stop stop = run(kvm, watchdog, path, program(TinyElf.program(TinyElf.code(0xB8, 60, 0, 0, 0, 0xE7,
                        GuestLayout.SYSCALL_PORT, 0xEB, 0xFE), 0)), PROGRAM_LIMIT_NS, List.of("/program")).stop;
                // Where the stub runs at CPL 0 no port is open to CPL 3: the processor itself must refuse.
                return Finding.of(path == SyscallPath.RING_0
                        ? stop instanceof Stop.CpuException exception && exception.vector() == 13
                        : stop instanceof Stop.Forbidden, stop.toString());
            });
            check("Python program", () -> {
                PythonImage python = PythonImage.read(PythonImage.DEFAULT_INTERPRETER, new FileImage.Builder());
                Run run = run(kvm, watchdog, path, python.files(), PROGRAM_LIMIT_NS, List.of(python.interpreterPath(),
                        "-I", "-S", "-B", "-c", "import math, sys; print(math.pi, sys.version.split()[0])"));
                return Finding.of(run.exitCode == 0 && run.log.startsWith("3.141592653589793 3."),
                        run.summary());
            });
        }
    }

    private static FileImage program(byte[] elf) {
        return new FileImage.Builder().file("/program", elf, 0, true).build();
    }

    private static Run run(Kvm kvm, Watchdog watchdog, SyscallPath path, FileImage files, long limitNs,
            List<String> arguments) {
        ProgramStart start = new ProgramStart(kvm, watchdog, path, new SystemCallTable(), files,
                new GuestLayout(RAM_BYTES), new GuestProcess.Limits(1 << 20, 1 << 20));
        try (GuestMachine machine = start.start(start.freshRam(), arguments, List.of("LANG=C.UTF-8"),
                new FixedHost()).machine()) {
            machine.vcpu().arm(Linux.currentThread(), System.nanoTime() + limitNs);
            Stop stop = machine.run(new ExitCounts());
            return new Run(stop, machine.process().log(), machine.process().exitCode());
        }
    }

    private void functions() {
        UsfConfig config = UsfConfig.defaults().withRamBytes(RAM_BYTES).withTimeLimit(timeLimit);
        long startNs = System.nanoTime();
        try (UsfFactory factory = new UsfFactory(config, System::nanoTime);
                UsfPool pool = new UsfPool(factory, System::nanoTime)) {
            long readyMs = (System.nanoTime() - startNs) / 1_000_000;
            check("template", () -> Finding.of(true, "probed, booted, warmed and frozen in " + readyMs + " ms"));
            check("Python function", () -> increments(pool));
            check("recycling", () -> recycles(factory, pool));
            check("hostile ports and instructions", () -> survives(factory, pool, HostileProgram.instructions()));
            check("hostile pointers", () -> survives(factory, pool, HostileProgram.memory()));
            check("hostile system calls", () -> survives(factory, pool, HostileProgram.systemCalls()));
            check("the pool afterwards", () -> increments(pool));
        }
    }

    private static Finding increments(UsfPool pool) {
        int calls = 10;
        for (int n = 0; n < calls; n++) {
            Outcome outcome = pool.invoke(INCREMENT, "{\"n\": " + n + "}").invocation().outcome();
            if (!outcome.equals(new Outcome.Result(Integer.toString(n + 1)))) {
                return new Finding(outcome.toString(), "");
            }
        }
        return Finding.of(true, calls + " right results");
    }

    private static Finding recycles(UsfFactory factory, UsfPool pool) {
        try (Usf usf = factory.create()) {
            Outcome left = usf.invoke(LEAVE_SECRETS, "{}").outcome();
            int before = count(usf);
            Recycling recycling = pool.recycle(usf);
            int after = count(usf);
            boolean isEqual = equalsTemplate(usf, factory);
            Outcome found = usf.invoke(FIND_SECRETS, "{}").outcome();
            return Finding.of(left.equals(new Outcome.Result("5000")) && before >= 5000 && after == 0 && isEqual
                    && found.equals(new Outcome.Result("[false, false]")), before + " copies of a secret before, "
                    + after + " after; " + recycling.dirtyPages() + " pages put back; memory "
                    + (isEqual ? "equals" : "differs from") + " the template; the next function: " + found);
        }
    }

    private static boolean equalsTemplate(Usf usf, UsfFactory factory) {
        return usf.machine().ram().bytes().mismatch(factory.template().contents().bytes()) == -1;
    }

    /** In written pages: the others are the template's. */
    private static int count(Usf usf) {
        PageRuns runs = new PageRuns();
        try (PrivatePages scanner = PrivatePages.open()) {
            scanner.scan(usf.machine().ram(), runs);
        }
        ByteBuffer memory = usf.machine().ram().bytes();
        int count = 0;
        for (int i = 0; i < runs.count(); i++) {
            byte[] written = new byte[(int) runs.length(i)];
            memory.get((int) runs.offset(i), written);
            String text = new String(written, StandardCharsets.ISO_8859_1);
            for (int at = text.indexOf(SECRET); at >= 0; at = text.indexOf(SECRET, at + 1)) {
                count++;
            }
        }
        return count;
    }

    private Finding survives(UsfFactory factory, UsfPool pool, List<HostileProgram> programs) {
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        int killed = 0;
        int late = 0;
        for (int i = 0; i < programs.size(); i += stride) {
            HostileProgram program = programs.get(i);
            tried++;
            try (Usf usf = factory.create()) {
                Invocation invocation = usf.invoke(program.source(), program.event());
                boolean isLate = invocation.outcome().equals(new Outcome.Killed(new Stop.OutOfTime()));
                killed += invocation.isReusable() ? 0 : 1;
                late += isLate ? 1 : 0;
                // A broken vCPU means that the processor or KVM refused a state that this project built.
                boolean isBroken = invocation.outcome() instanceof Outcome.Killed end
                        && end.reason() instanceof Stop.Broken;
                if (isBroken || !isLate && !program.ends().test(invocation.outcome())) {
                    wrong.add(program.name() + " -> " + invocation.outcome());
                }
                if (invocation.isReusable()) {
                    pool.recycle(usf);
                    if (!equalsTemplate(usf, factory)) {
                        wrong.add(program.name() + " left residue");
                    }
                }
            }
        }
        return new Finding(wrong.isEmpty() ? null : String.join("; ", wrong), tried + " programs, " + killed
                + " killed, of these " + late + " out of time" + (wrong.isEmpty() ? "" : ": "));
    }
}
