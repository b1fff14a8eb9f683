package sandglass.kvm.usf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.usf.call.GuestProcess;
import sandglass.kvm.usf.call.Pause;
import sandglass.kvm.usf.call.SystemCallTable;
import sandglass.kvm.usf.cpu.Backend;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.elf.ElfFormatException;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.VcpuExit;
import sandglass.kvm.vm.Watchdog;

/** Oracle: programs run on this host's KVM, of which each instruction's effect is known from the SDM. */
@RequiresKvm
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuestMachineTest {

    private Kvm kvm;
    private Watchdog watchdog;

    private record Run(Stop stop, String log, int exitCode, ExitCounts counts) {
    }

    @BeforeAll
    void open() {
        kvm = Kvm.open();
        watchdog = new Watchdog(System::nanoTime);
    }

    @AfterAll
    void close() {
        watchdog.close();
        kvm.close();
    }

    private Run run(FileImage files, long timeMs, List<String> arguments) {
        ProgramStart start = new ProgramStart(kvm, watchdog, Backend.probe(kvm), new SystemCallTable(), files,
                new GuestLayout(64 << 20), new GuestProcess.Limits(1 << 20, 1 << 20));
        try (GuestMachine machine = start.start(start.freshRam(), arguments, List.of("LANG=C.UTF-8"),
                new FixedHost()).machine()) {
            machine.vcpu().arm(Linux.currentThread(), System.nanoTime() + timeMs * 1_000_000);
            ExitCounts counts = new ExitCounts();
            Stop stop = machine.run(counts);
            return new Run(stop, machine.process().log(), machine.process().exitCode(), counts);
        }
    }

    private Run run(byte[] program) {
        return run(new FileImage.Builder().file("/program", program, 0, true).build(), 60_000, List.of("/program"));
    }

    private Run runCode(int... code) {
        return run(TinyElf.program(TinyElf.code(code), 0));
    }

    @Test
    void aProgramSaysHelloAndExits() {
        Run run = run(TinyElf.hello("hello, unikernel\n", 3));
        assertThat(run.stop).isEqualTo(new Stop.Paused(Pause.EXITED));
        assertThat(run.log).isEqualTo("hello, unikernel\n");
        assertThat(run.exitCode).isEqualTo(3);
        assertThat(run.counts.bySystemCall(new SystemCallTable())).containsOnlyKeys("write", "exit");
        assertThat(run.counts.total()).isEqualTo(2);
    }

    @Test
    void aNullPointerIsAPageFault() {
        Run run = runCode(0x48, 0x31, 0xC0, 0x48, 0x8B, 0x40, 0x10); // xor rax, rax; mov rax, [rax + 16]
        assertThat(run.stop).isInstanceOfSatisfying(Stop.CpuException.class, exception -> {
            assertThat(exception.vector()).isEqualTo(14);
            assertThat(exception.address()).isEqualTo(0x10);
            assertThat(exception.rip()).isEqualTo(TinyElf.ADDRESS + TinyElf.CODE_AT + 3);
            assertThat(exception.errorCode()).isEqualTo(5); // user, read, protection
        });
    }

    @Test
    void theMachinesTablesAreClosedToUserMode() {
        for (int address : new int[] {0x1000, 0x3000, 0x5000, 0x6000, 0x7000, 0x9000, 0x10000}) {
            // mov dword [address], 1
            Run run = runCode(0xC7, 0x04, 0x25, address & 0xFF, address >> 8 & 0xFF, address >> 16, 0, 1, 0, 0, 0);
            assertThat(run.stop).isInstanceOfSatisfying(Stop.CpuException.class, exception -> {
                assertThat(exception.vector()).isEqualTo(14);
                assertThat(exception.address()).isEqualTo(address);
            });
        }
    }

    @Test
    void privilegedInstructionsAreExceptions() {
        // The SDM says 13 for these four; kvm_pvm reports some as 6, invalid opcode. Both end the guest.
        assertException(Set.of(6, 13), 0xF4); // hlt
        assertException(Set.of(6, 13), 0x0F, 0x20, 0xC0); // mov rax, cr0
        assertException(Set.of(6, 13), 0x0F, 0x32); // rdmsr
        assertException(Set.of(6, 13), 0xCD, 0x80); // int 0x80
        assertException(Set.of(6), 0x0F, 0x0B); // ud2
        assertException(Set.of(0), 0x31, 0xC9, 0xF7, 0xF1); // xor ecx, ecx; div ecx
    }

    private void assertException(Set<Integer> vectors, int... code) {
        assertThat(runCode(code).stop).isInstanceOfSatisfying(Stop.CpuException.class,
                exception -> assertThat(exception.vector()).isIn(vectors));
    }

    @Test
    void anEndlessLoopEndsAtItsTimeLimit() {
        FileImage files = new FileImage.Builder()
                .file("/program", TinyElf.program(TinyElf.code(0xEB, 0xFE), 0), 0, true).build();
        assertThat(run(files, 50, List.of("/program")).stop).isEqualTo(new Stop.OutOfTime());
    }

    @Test
    void aStackThatOverflowsFaultsInTheGuard() {
        // push rax; jmp back
        assertThat(runCode(0x50, 0xEB, 0xFD).stop).isInstanceOfSatisfying(Stop.CpuException.class, exception -> {
            assertThat(exception.vector()).isEqualTo(14);
            GuestLayout layout = new GuestLayout(64 << 20);
            assertThat(exception.address()).isEqualTo(layout.guardStart() + GuestLayout.LARGE_PAGE_BYTES - 8);
        });
    }

    @Test
    void memoryTheGuestDoesNotHaveIsForbidden() {
        // mov eax, 0x3fffff00; mov [rax], al
        assertThat(runCode(0xB8, 0, 0xFF, 0xFF, 0x3F, 0x88, 0x00).stop)
                .isEqualTo(new Stop.Forbidden(new VcpuExit.Mmio(0x3FFFFF00, true, 1)));
    }

    @Test
    void aForgedSystemCallIsNoSystemCall() {
        // mov eax, 60; out 0x10, eax: what the stub does, but not from the stub
        Stop stop = runCode(0xB8, 60, 0, 0, 0, 0xE7, 0x10, 0xEB, 0xFE).stop;
        assertThat(stop instanceof Stop.Forbidden
                || stop instanceof Stop.CpuException exception && exception.vector() == 13)
                .as(stop.toString()).isTrue();
    }

    @Test
    void unknownSystemCallsAnswerThatTheyAreUnknown() {
        // mov eax, 999; syscall; neg eax; mov edi, eax; mov eax, 60; syscall
        Run run = runCode(0xB8, 0xE7, 3, 0, 0, 0x0F, 5, 0xF7, 0xD8, 0x89, 0xC7, 0xB8, 60, 0, 0, 0, 0x0F, 5);
        assertThat(run.exitCode).isEqualTo(38); // ENOSYS
    }

    @Test
    void brokenProgramsAreRefusedByName() {
        assertThatThrownBy(() -> run(new byte[] {1, 2, 3})).isInstanceOf(ElfFormatException.class)
                .hasMessage("/program: not an ELF file");
        byte[] wrongMachine = TinyElf.hello("x", 0);
        wrongMachine[18] = 3;
        assertThatThrownBy(() -> run(wrongMachine)).hasMessage("/program: machine 3, expected 62 (x86-64)");
        byte[] huge = TinyElf.hello("x", 0);
        huge[97] = 0x7F; // file size of the segment
        assertThatThrownBy(() -> run(huge)).hasMessageContaining("outside the file");
        byte[] low = TinyElf.hello("x", 0);
        low[82] = 0; // address 0
        assertThatThrownBy(() -> run(low)).hasMessageContaining("outside user memory");
    }

    @Test
    void theHostsPythonRunsUnmodified() {
        PythonImage python = PythonImage.read(PythonImage.DEFAULT_INTERPRETER, new FileImage.Builder());
        Run run = run(python.files(), 120_000, List.of(python.interpreterPath(), "-I", "-S", "-B", "-c",
                "import sys, json, math, hashlib, csv, random; print(json.dumps({'a': [1, 2.5]}), math.pi, "
                + "hashlib.sha256(b'x').hexdigest()[:8], sys.version_info[0])"));
        assertThat(run.log).isEqualTo("{\"a\": [1, 2.5]} 3.141592653589793 2d711642 3\n");
        assertThat(run.exitCode).isZero();
    }
}
