package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.sys.Fd;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.call.HostServices;
import sandglass.kvm.usf.call.Pause;
import sandglass.kvm.usf.cpu.CpuState;
import sandglass.kvm.usf.cpu.SyscallPath;
import sandglass.kvm.usf.elf.LoadedProgram;
import sandglass.kvm.vm.Register;

/** Boots a unikernel, warms it, and freezes it: [USETL, section 3] creates once what is then only copied. */
final class TemplateBuilder {

    private static final int WARM_UP_CALLS = 20;
    /** Guests of less memory cannot spare what whole large pages leave unused. */
    static final long ROOMY_BYTES = 48L << 20;
    private static final long TIME_LIMIT_NS = 60_000_000_000L;
    /** Touches what most functions touch: a module's globals, JSON both ways, a random number, text formatting. */
    private static final String WARM_UP_FUNCTION = """
            import json, random
            def handler(event, etl):
                values = [value + 1 for value in event['values']]
                return {'values': values, 'text': f"{sum(values)}", 'random': random.random() < 2}
            """;
    private static final String WARM_UP_EVENT = "{\"values\": [1, 2, 3], \"name\": \"warm\"}";
    private static final String FAILING_FUNCTION = "def handler(event, etl):\n    raise ValueError(event)\n";

    private final ProgramStart start;
    private final HostServices host;

    TemplateBuilder(ProgramStart start, HostServices host) {
        this.start = start;
        this.host = host;
    }

    /**
     * Boots, warms and freezes.
     *
     * @param arguments the interpreter and what it is to run
     * @throws IllegalStateException if the runner does not come to wait for a function
     */
    Template build(List<String> arguments, List<String> environment) {
        long ramBytes = start.layout().ramBytes();
        Fd memory = Linux.memoryFile("usf-template", ramBytes);
        Mapping ram = Linux.map(memory, 0, ramBytes, Linux.Sharing.SHARED);
        CpuState cpu;
        SharedText text;
        ProgramStart.Started started = start.start(ram, arguments, environment, host);
        GuestMachine machine = started.machine();
        try (machine) {
            if (ramBytes >= ROOMY_BYTES) {
                machine.process().placeLibraries();
            }
            machine.vcpu().arm(Linux.currentThread(), System.nanoTime() + TIME_LIMIT_NS);
            expect(Pause.AWAITS_REQUEST, machine.run(new ExitCounts()), machine);
            for (int i = 0; i < WARM_UP_CALLS; i++) {
                if (i == WARM_UP_CALLS / 2) {
                    perform(machine, Request.tidy());
                }
                call(machine, i == 0 ? FAILING_FUNCTION : WARM_UP_FUNCTION);
            }
            perform(machine, Request.settle());
            cpu = CpuState.of(machine.vcpu());
            if (start.path() == SyscallPath.RING_0) {
                // The exit shows the OUT not yet skipped, and a new vCPU does not know that it has been carried out.
                cpu.put(Register.RIP, SyscallPath.RING_3.exitRip());
            }
            List<LoadedProgram.Range> readOnly = new ArrayList<>(machine.process().libraryText());
            readOnly.add(started.program().readOnlyLargePages());
            text = SharedText.moveOutOf(ram.bytes(), readOnly);
        }
        return new Template(memory, ramBytes, cpu, machine.process().capture(), text);
    }

    private static void perform(GuestMachine machine, ByteBuffer request) {
        machine.process().deliver(request);
        expect(Pause.AWAITS_REQUEST, machine.resume(new ExitCounts()), machine);
    }

    private void call(GuestMachine machine, String source) {
        machine.process().deliver(Request.invoke(source, WARM_UP_EVENT, new byte[Request.SEED_BYTES]));
        expect(Pause.ANSWERED, machine.resume(new ExitCounts()), machine);
        expect(Pause.AWAITS_REQUEST, machine.continueAfterAnswer(new ExitCounts()), machine);
    }

    private static void expect(Pause pause, Stop stop, GuestMachine machine) {
        if (!stop.equals(new Stop.Paused(pause))) {
            throw new IllegalStateException("template: expected " + pause + ", got " + stop + "; the guest printed: "
                    + machine.process().log());
        }
    }
}
