package sandglass.kvm.usf.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import sandglass.kvm.usf.elf.ElfFile;
import sandglass.kvm.usf.elf.ElfFormatException;

/**
 * The runtime image: the host's Python interpreter, the dynamic loader it names, every library that it or one of its
 * extension modules needs, and the standard library. Laid out as on the host, because Python finds its library from its
 * own path and checks compiled files against the modification times of their sources.
 *
 * @param files           the image
 * @param interpreterPath where the interpreter is in it
 */
public record PythonImage(FileImage files, String interpreterPath) {

    /** Debian's own Python. */
    public static final Path DEFAULT_INTERPRETER = Path.of("/usr/bin/python3");

    /** What {@code zoneinfo} reads; a host that lacks it has no zones in its own Python either. */
    private static final Path TIME_ZONES = Path.of("/usr/share/zoneinfo");
    /** Parts of the standard library that no function needs: tests, editors, build tools; and time zones that are others once more. */
    private static final Set<String> LEFT_OUT = Set.of("test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip",
            "lib2to3", "pydoc_data", "dist-packages", "site-packages", "idle_test", "posix", "right");
    private static final List<Path> LIBRARY_DIRECTORIES = List.of(Path.of("/usr/lib/x86_64-linux-gnu"),
            Path.of("/lib/x86_64-linux-gnu"), Path.of("/usr/lib64"), Path.of("/lib64"), Path.of("/usr/lib"));

    /**
     * Reads the image from the host.
     *
     * @param interpreter path of a python3, a link or the program itself
     * @param builder     may hold files already, which win
     * @throws MissingRuntimeException if there is no Python there, or a part of it is missing
     */
    public static PythonImage read(Path interpreter, FileImage.Builder builder) {
        try {
            Path program = interpreter.toRealPath();
            String version = program.getFileName().toString();
            Path standardLibrary = program.getParent().resolveSibling("lib").resolve(version);
            if (!version.matches("python3\\.\\d+") || !Files.isDirectory(standardLibrary)) {
                throw new MissingRuntimeException(interpreter + " is " + program + "; expected a python3.N with its "
                        + "standard library in " + standardLibrary + " (Debian: apt-get install python3)");
            }
            builder.link("/lib", "/usr/lib").link("/lib64", "/usr/lib/x86_64-linux-gnu");
            addProgram(program, builder);
            addTree(standardLibrary, builder);
            if (Files.isDirectory(TIME_ZONES)) {
                addTree(TIME_ZONES, builder);
            }
            return new PythonImage(builder.build(), program.toString());
        } catch (IOException e) {
            throw new MissingRuntimeException("cannot read the Python runtime: " + e);
        }
    }

    private static void addProgram(Path program, FileImage.Builder builder) throws IOException {
        ElfFile elf = addElf(program, program.toString(), builder);
        if (elf.interpreter() != null) {
            Path loader = Path.of(elf.interpreter());
            addElf(loader, "/usr/lib/x86_64-linux-gnu/" + loader.getFileName(), builder);
        }
    }

    private static ElfFile addElf(Path file, String guestPath, FileImage.Builder builder) throws IOException {
        byte[] contents = add(file, guestPath, builder);
        ElfFile elf = ElfFile.parse(file.toString(), ByteBuffer.wrap(contents));
        for (String library : elf.neededLibraries()) {
            String path = "/usr/lib/x86_64-linux-gnu/" + library;
            if (!builder.has(path)) {
                addElf(find(library, file), path, builder);
            }
        }
        return elf;
    }

    private static Path find(String library, Path neededBy) {
        return LIBRARY_DIRECTORIES.stream().map(directory -> directory.resolve(library)).filter(Files::exists)
                .findFirst().orElseThrow(() -> new MissingRuntimeException(library + ", needed by " + neededBy
                        + ", is in none of " + LIBRARY_DIRECTORIES));
    }

    private static byte[] add(Path file, String guestPath, FileImage.Builder builder) throws IOException {
        byte[] contents = Files.readAllBytes(file);
        if (!builder.has(guestPath)) {
            builder.file(guestPath, contents, Files.getLastModifiedTime(file).toMillis() / 1000,
                    Files.isExecutable(file));
        }
        return contents;
    }

    private static void addTree(Path root, FileImage.Builder builder) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                boolean wanted = !LEFT_OUT.contains(name) && !name.startsWith("config-");
                return wanted ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                if (name.endsWith(".so")) {
                    addExtension(file, builder);
                } else if (name.endsWith(".py") || name.endsWith(".pyc") && !name.contains(".opt-") || file.startsWith(TIME_ZONES)) {
                    add(file, file.toString(), builder);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void addExtension(Path file, FileImage.Builder builder) throws IOException {
        try {
            addElf(file, file.toString(), builder);
        } catch (MissingRuntimeException | ElfFormatException e) {
            // An extension whose library the host lacks cannot be imported on the host either: Python says so when
            // asked.
            add(file, file.toString(), builder);
        }
    }

    /** The host's Python is missing or incomplete. */
    public static final class MissingRuntimeException extends RuntimeException {

        MissingRuntimeException(String reason) {
            super(reason);
        }
    }
}
