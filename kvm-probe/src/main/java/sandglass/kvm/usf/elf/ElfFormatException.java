package sandglass.kvm.usf.elf;

/** A file is not a program that this project can load. The message names the file, what it has and what it should. */
public final class ElfFormatException extends RuntimeException {

    ElfFormatException(String file, String problem) {
        super(file + ": " + problem);
    }
}
