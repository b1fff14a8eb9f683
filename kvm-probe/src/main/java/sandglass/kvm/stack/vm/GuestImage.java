package sandglass.kvm.stack.vm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sandglass.kvm.image.ImageCache;
import sandglass.kvm.image.ImageTree;
import sandglass.kvm.stack.RunnerLink;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.run.UnsupportedHereException;

/**
 * The first file system of a guest: the runtime image, the runner, the program that starts it and the kernel's drivers for QEMU's devices.
 *
 * @param archive   what the kernel unpacks
 * @param arguments of the guest's first program
 */
record GuestImage(Path archive, List<String> arguments) {

    private static final String INIT = "guest_init.py";
    private static final List<String> DRIVERS = List.of("virtio_mmio", "virtio_console", "virtio_net", "virtio_blk");

    GuestImage {
        arguments = List.copyOf(arguments);
    }

    /**
     * Makes it, or finds it made.
     *
     * @throws UnsupportedHereException if the kernel has no drivers for it, or there is no room
     */
    static GuestImage of(GuestKernel kernel, Path interpreter) throws UnsupportedHereException {
        PythonImage python = PythonImage.read(interpreter, new FileImage.Builder());
        ImageTree.Builder tree = ImageTree.of(python).directory("/files", ImageTree.SHARED_DIRECTORY)
                .file("/init.py", init()).file("/runner.py", RunnerLink.runner().getBytes(StandardCharsets.UTF_8))
                .link("/init", python.interpreterPath());
        List<String> arguments = new ArrayList<>(List.of("-I", "-S", "-B", "/init.py"));
        for (Map.Entry<String, byte[]> module : kernel.modules(DRIVERS, interpreter).entrySet()) {
            String path = "/drivers/" + module.getKey() + ".ko";
            tree.file(path, module.getValue());
            arguments.add(path);
        }
        return new GuestImage(ImageCache.ofUser().archive(tree.build()), arguments);
    }

    private static byte[] init() {
        try (InputStream stream = GuestImage.class.getResourceAsStream(INIT)) {
            if (stream == null) {
                throw new IllegalStateException("this program was built without its resource " + INIT);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + INIT, e);
        }
    }

    /** How much of the guest's memory it takes while it is unpacked, and afterwards half of that. */
    long bytes() {
        return 2 * archive.toFile().length();
    }
}
