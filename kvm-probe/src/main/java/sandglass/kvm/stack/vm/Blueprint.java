package sandglass.kvm.stack.vm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sandglass.kvm.net.PrivateNetwork;

/**
 * What the machines of a stack have in common: the device tree of QEMU's microvm, which has no PCI bus and no firmware worth the name.
 *
 * @param ramBytes of the guest, whole MiB
 */
record Blueprint(GuestKernel kernel, GuestImage image, Accelerator accelerator, long ramBytes) {

    /** Linux wants these from whoever knows that there is no hardware to be careful with; see the README. */
    private static final String BOOT_OPTIONS = "console=ttyS0 quiet loglevel=3 panic=-1 reboot=t init_on_alloc=0 nokaslr mitigations=off"
            + " rdinit=/init";
    private static final int TICKS_A_SECOND = 250;
    /** The kernel, its tables and the interpreter that waits, MiB; measured. */
    private static final long BASE_MIB = 72;
    private static final int MIB_SHIFT = 20;

    /** Guest memory for a function of so many bytes. */
    static long ramBytes(GuestImage image, long functionBytes) {
        return (BASE_MIB + (image.bytes() + functionBytes >> MIB_SHIFT) + 1) << MIB_SHIFT;
    }

    Blueprint withAccelerator(Accelerator other) {
        return new Blueprint(kernel, image, other, ramBytes);
    }

    /**
     * Where a machine's memory is.
     *
     * @param path   a file of its size; several machines may have the same
     * @param shared whether others see what it writes
     */
    record Memory(String path, boolean shared) {
    }

    /** QEMU's arguments for what all machines have: processor, memory, devices, and no default ones. */
    private List<String> common(Optional<Memory> memory, Path port, Optional<Path> disk, Optional<GuestNetwork.Attachment> network) {
        List<String> arguments = new ArrayList<>(List.of("-M", "microvm,rtc=off" + memory.map(m -> ",memory-backend=ram").orElse(""),
                "-accel", accelerator.kind().id(), "-cpu", accelerator.processor(), "-smp", "1", "-m", (ramBytes >> MIB_SHIFT) + "M",
                "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-serial", "stdio",
                "-chardev", "socket,id=port,path=" + port, "-device", "virtio-serial-device,max_ports=2",
                "-device", "virtserialport,chardev=port,nr=1"));
        memory.ifPresent(m -> arguments.addAll(List.of("-object", "memory-backend-file,id=ram,size=" + ramBytes
                + ",mem-path=" + m.path() + ",share=" + (m.shared() ? "on" : "off"))));
        network.ifPresent(n -> arguments.addAll(List.of("-netdev", n.backend(), "-device",
                "virtio-net-device,netdev=net,mac=" + PrivateNetwork.MACHINE_HARDWARE_ADDRESS)));
        disk.ifPresent(d -> arguments.addAll(List.of("-drive", "id=disk,if=none,format=raw,file=" + d, "-device",
                "virtio-blk-device,drive=disk")));
        return arguments;
    }

    /** QEMU's arguments for a machine that boots. */
    List<String> boot(Optional<Memory> memory, Path port, Optional<Path> disk, Optional<GuestNetwork.Attachment> network) {
        List<String> arguments = common(memory, port, disk, network);
        long khz = accelerator.tscKhz();
        String clock = khz == 0 ? "" : " tsc=reliable tsc_early_khz=" + khz + " lpj=" + khz * 1000 / TICKS_A_SECOND;
        arguments.addAll(List.of("-kernel", kernel.image().toString(), "-initrd", image.archive().toString(),
                "-append", BOOT_OPTIONS + clock + " -- " + String.join(" ", image.arguments())));
        return arguments;
    }

    /** QEMU's arguments for a machine that is given another one's state: kernel and image are in its memory. */
    List<String> restored(Memory memory, Path port, Optional<Path> disk, Optional<GuestNetwork.Attachment> network) {
        List<String> arguments = common(Optional.of(memory), port, disk, network);
        arguments.addAll(List.of("-incoming", "defer"));
        return arguments;
    }

    /** QEMU's arguments for a control channel. */
    static List<String> controlled(Path monitor) {
        return List.of("-chardev", "socket,id=monitor,path=" + monitor, "-mon", "chardev=monitor,mode=control");
    }
}
