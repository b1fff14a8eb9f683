package sandglass.kvm.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sandglass.kvm.RequiresKvm;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.sys.NativeBuffer;
import sandglass.kvm.sys.SystemCallException;

/** Oracle: real guests of a few bytes of 16-bit code, on this host's KVM. */
@RequiresKvm
class VcpuTest {

    private static final int CODE = 0x1000;
    private static final long SECOND_NS = 1_000_000_000;

    private final Kvm kvm = Kvm.open();
    private final Watchdog watchdog = new Watchdog(System::nanoTime);
    private final Vm vm = kvm.createVm();
    private final Mapping memory = Linux.mapAnonymous(0x10000);
    private Vcpu vcpu;

    @BeforeEach
    void makeMachine() {
        vm.setMemory(0, 0, memory, memory.sizeBytes(), Vm.SlotAccess.READ_WRITE);
        vcpu = vm.createVcpu(0);
        watchdog.watch(vcpu);
    }

    @AfterEach
    void closeMachine() {
        watchdog.forget(vcpu);
        vcpu.close();
        vm.close();
        memory.close();
        watchdog.close();
        kvm.close();
    }

    private void load(int... code) {
        for (int i = 0; i < code.length; i++) {
            memory.bytes().put(CODE + i, (byte) code[i]);
        }
        NativeBuffer sregs = NativeBuffer.ofSize(Vcpu.SREGS_BYTES);
        vcpu.readSregs(sregs);
        sregs.bytes().putLong(0, 0).putShort(12, (short) 0);
        vcpu.writeSregs(sregs);
        vcpu.set(Register.RIP, CODE);
        vcpu.set(Register.RFLAGS, 2);
    }

    private void allow(long timeNs) {
        vcpu.arm(Linux.currentThread(), System.nanoTime() + timeNs);
    }

    @Test
    void aGuestAddsTwoNumbersAndSaysSo() {
        load(0xBA, 0xF8, 0x03, // mov dx, 0x3f8
                0x00, 0xD8,    // add al, bl
                0xEE,          // out dx, al
                0xF4);         // hlt
        vcpu.set(Register.RAX, 2);
        vcpu.set(Register.RBX, 40);
        allow(60 * SECOND_NS);
        assertThat(vcpu.run()).isEqualTo(VcpuExit.PORT_IO);
        assertThat(vcpu.exit()).isEqualTo(new VcpuExit.PortIo(0x3F8, true, 1, 1));
        assertThat(vcpu.writtenByte()).isEqualTo((byte) 42);
        assertThat(vcpu.isSingleOut(1)).isTrue();
        assertThat(vcpu.get(Register.RAX)).isEqualTo(42);
        assertThat(vcpu.run()).isEqualTo(VcpuExit.HALT);
        assertThat(vcpu.exit()).isEqualTo(new VcpuExit.Halt());
    }

    @Test
    void anAccessWithoutMemoryIsAnMmioExit() {
        load(0xB8, 0x00, 0xF0,                // mov ax, 0xf000
                0x8E, 0xD8,                   // mov ds, ax
                0xC6, 0x06, 0x10, 0x20, 0x07, // mov byte [0x2010], 7
                0xF4);                        // hlt
        allow(60 * SECOND_NS);
        vcpu.run();
        assertThat(vcpu.exit()).isEqualTo(new VcpuExit.Mmio(0xF2010, true, 1));
        assertThat(vcpu.writtenByte()).isEqualTo((byte) 7);
        assertThat(vcpu.run()).isEqualTo(VcpuExit.HALT);
    }

    @Test
    void anEndlessLoopIsKickedAndTheVcpuStaysUsable() {
        load(0xEB, 0xFE); // jmp $
        for (int i = 0; i < 5; i++) {
            allow(SECOND_NS / 50);
            assertThat(vcpu.run()).isEqualTo(VcpuExit.INTERRUPTED);
            assertThat(vcpu.exit()).isEqualTo(new VcpuExit.Interrupted());
        }
        vcpu.disarm();
        load(0xF4);
        allow(60 * SECOND_NS);
        assertThat(vcpu.run()).isEqualTo(VcpuExit.HALT);
    }

    /** Oracle: the loop ends. The watchdog sleeps a second after the last run, so it must be woken by this one. */
    @Test
    void anEndlessLoopIsKickedByAWatchdogThatSlept() throws InterruptedException {
        load(0xEB, 0xFE); // jmp $
        Thread watching = Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("vcpu-watchdog"))
                .max(java.util.Comparator.comparingLong(Thread::getId)).orElseThrow();
        for (int i = 0; i < 1000 && watching.getState() != Thread.State.WAITING; i++) {
            Thread.sleep(10);
        }
        assertThat(watching.getState()).isEqualTo(Thread.State.WAITING);
        allow(SECOND_NS / 50);
        assertThat(vcpu.run()).isEqualTo(VcpuExit.INTERRUPTED);
    }

    @Test
    void aRunWithoutDeadlineIsRefused() {
        load(0xF4);
        assertThatThrownBy(vcpu::run).isInstanceOf(IllegalStateException.class);
        allow(SECOND_NS);
        vcpu.disarm();
        assertThatThrownBy(vcpu::run).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void registersSetForTheNextRunArriveTogetherWithSegments() {
        load(0xE6, 0x10, // out 0x10, al
                0xF4);
        NativeBuffer registers = NativeBuffer.ofSize(Register.ALL_BYTES);
        NativeBuffer sregs = NativeBuffer.ofSize(Vcpu.SREGS_BYTES);
        vcpu.readRegisters(registers);
        vcpu.readSregs(sregs);
        allow(60 * SECOND_NS);
        assertThat(vcpu.run()).isEqualTo(VcpuExit.PORT_IO);
        assertThat(vcpu.run()).isEqualTo(VcpuExit.HALT);
        vcpu.writeRegisters(registers);
        vcpu.writeSregsAtNextRun(sregs);
        assertThat(vcpu.run()).isEqualTo(VcpuExit.PORT_IO);
    }

    @Test
    void theKernelCountsOurExits() {
        load(0xE6, 0x10, 0xEB, 0xFC); // again: out 0x10, al; jmp again
        allow(60 * SECOND_NS);
        try (KvmStats stats = vcpu.stats()) {
            Map<String, Long> before = stats.read();
            for (int i = 0; i < 100; i++) {
                assertThat(vcpu.run()).isEqualTo(VcpuExit.PORT_IO);
            }
            Map<String, Long> after = stats.read();
            assertThat(after).containsKeys("exits", "io_exits", "insn_emulation");
            assertThat(after.get("io_exits") + after.get("insn_emulation"))
                    .isGreaterThanOrEqualTo(before.get("io_exits") + before.get("insn_emulation") + 100);
        }
        try (KvmStats stats = vm.stats()) {
            assertThat(stats.read()).isNotEmpty();
        }
    }

    @Test
    void everyCallOnAClosedDescriptorSaysSo() {
        Vm otherVm = kvm.createVm();
        Vcpu other = otherVm.createVcpu(0);
        other.close();
        NativeBuffer large = NativeBuffer.ofSize(4096);
        otherVm.close();
        assertThatThrownBy(() -> other.get(Register.RAX)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> other.set(Register.RAX, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        List<Runnable> calls = List.of(() -> other.setCpuid(kvm.supportedCpuid()),
                () -> other.readSregs(large), () -> other.writeSregs(large), () -> other.readXcrs(large),
                () -> other.writeXcrs(large), () -> other.readXsave(large), () -> other.writeXsave(large),
                () -> other.readMsrs(Msrs.of(0x10)), () -> other.writeMsrs(Msrs.of(0x10)), other::stats,
                () -> otherVm.createVcpu(1), () -> otherVm.removeMemory(0), otherVm::stats,
                () -> otherVm.setMemory(0, 0, memory, 4096, Vm.SlotAccess.READ_WRITE));
        for (Runnable call : calls) {
            SystemCallException failure = catchThrowableOfType(SystemCallException.class, call::run);
            assertThat(failure.errno()).isEqualTo(Errno.EBADF);
            assertThat(failure.call()).startsWith("ioctl KVM_");
        }
        kvm.close();
        assertThat(catchThrowableOfType(SystemCallException.class, kvm::createVm).errno()).isEqualTo(Errno.EBADF);
    }

    @Test
    void anUnknownModelSpecificRegisterIsNamed() {
        assertThatThrownBy(() -> vcpu.readMsrs(Msrs.of(0xC0000080, 0x7FFF_FFFF)))
                .isInstanceOf(SystemCallException.class).hasMessageContaining("register 1");
    }
}
