package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.util.List;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.call.GuestProcess;
import sandglass.kvm.usf.call.HostServices;
import sandglass.kvm.usf.call.SystemCallTable;
import sandglass.kvm.usf.cpu.CpuState;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.cpu.GuestTables;
import sandglass.kvm.usf.cpu.SyscallPath;
import sandglass.kvm.usf.elf.ElfFile;
import sandglass.kvm.usf.elf.InitialStack;
import sandglass.kvm.usf.elf.LoadedProgram;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.Node;
import sandglass.kvm.vm.Cpuid;
import sandglass.kvm.vm.GuestMemory;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.Vcpu;
import sandglass.kvm.vm.Vm;
import sandglass.kvm.vm.Watchdog;

/**
 * Starts a program in a new machine, as execve(2) would: loads it and its interpreter, prepares heap and stack, and
 * sets the vCPU to the first instruction.
 */
record ProgramStart(Kvm kvm, Watchdog watchdog, SyscallPath path, SystemCallTable calls, FileImage files,
        GuestLayout layout, GuestProcess.Limits limits) {

    private static final int PAGE = 4096;
    private static final int RANDOM_BYTES = 16;

    /** A machine at its program's first instruction, and the program. */
    record Started(GuestMachine machine, LoadedProgram program) {
    }

    /**
     * Starts a program.
     *
     * @param ram       fresh, zeroed memory of the layout's size; the machine closes it
     * @param arguments the first names the program in the image
     */
    Started start(Mapping ram, List<String> arguments, List<String> environment, HostServices host) {
        GuestTables.write(ram.bytes(), layout, path);
        GuestMemory memory = new GuestMemory(ram.bytes(), GuestLayout.FIRST_USER_ADDRESS);
        LoadedProgram program = LoadedProgram.load(elf(arguments.get(0)), GuestLayout.PROGRAM_BASE,
                layout.guardStart(), memory);
        long heapStart = (program.end() + PAGE - 1) / PAGE * PAGE;
        GuestProcess process = new GuestProcess(memory, layout, heapStart, files, host, limits);
        LoadedProgram first = program;
        String interpreter = program.elf().interpreter();
        if (interpreter != null) {
            ElfFile loader = elf(interpreter);
            first = LoadedProgram.load(loader, process.reserve(LoadedProgram.spanBytes(loader)), layout.guardStart(),
                    memory);
        }
        byte[] random = new byte[RANDOM_BYTES];
        host.random(random);
        long stack = InitialStack.write(memory, layout.stackTop(), program, interpreter == null ? 0 : first.base(),
                arguments, environment, random, kvm.supportedCpuid().get(1, 0, Cpuid.Output.EDX));
        Vm vm = kvm.createVm();
        vm.setMemory(0, 0, ram, ram.sizeBytes(), Vm.SlotAccess.READ_WRITE);
        Vcpu vcpu = vm.createVcpu(0);
        CpuState.ofProgram(vcpu, kvm.supportedCpuid(), path, first.entry(), stack)
                .loadInto(vcpu, kvm.supportedCpuid());
        return new Started(new GuestMachine(vm, vcpu, ram, process, calls, path, watchdog), program);
    }

    private ElfFile elf(String path) {
        if (!(files.find(path) instanceof Node.RegularFile file)) {
            throw new IllegalArgumentException("the image has no file " + path);
        }
        ByteBuffer contents = file.contents();
        return ElfFile.parse(path, contents);
    }

    /** Private anonymous memory for a machine that nobody clones. */
    Mapping freshRam() {
        return Linux.mapAnonymous(layout.ramBytes());
    }
}
