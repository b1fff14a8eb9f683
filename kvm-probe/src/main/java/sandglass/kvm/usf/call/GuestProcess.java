package sandglass.kvm.usf.call;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.elf.ElfFile;
import sandglass.kvm.usf.elf.LoadedProgram;
import sandglass.kvm.usf.file.Assignment;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.Node;
import sandglass.kvm.vm.GuestMemory;

/**
 * The one process of a guest: its memory and everything a kernel would know about it. All that a guest can change here
 * is part of {@link State}, so that a snapshot holds it and a recycled process has nothing of its predecessor's.
 */
public final class GuestProcess {

    /** How much a process may deliver, print, and keep in files of its own, and how many of those and of descriptors it may have. */
    public record Limits(long answerBytes, long logBytes, long fileBytes, int maxFiles, int maxDescriptors) {

        /** How many files a process may have, unless said otherwise. */
        public static final int DEFAULT_FILES = 1024;
        /** How many descriptors, unless said otherwise. */
        public static final int DEFAULT_DESCRIPTORS = 256;

        /** Limits with 16 MiB for files. */
        public Limits(long answerBytes, long logBytes) {
            this(answerBytes, logBytes, 16L << 20, DEFAULT_FILES, DEFAULT_DESCRIPTORS);
        }
    }

    private final GuestMemory memory;
    private final GuestLayout layout;
    private final ProcessFiles files;
    private final HostServices host;
    private final Limits limits;
    private final PageAllocator pages;
    private final Log log;
    private DescriptorTable descriptors;
    private Pause pause = Pause.NONE;
    private ByteBuffer request = ByteBuffer.allocate(0);
    private byte[] answer;
    private int exitCode;
    private String lastEtlError = "";
    private String workingDirectory = "/";
    private Long newFsBase;
    private boolean placesLibraries;
    private final List<LoadedProgram.Range> libraryText = new ArrayList<>();

    /** What of a process belongs to a snapshot, beside memory and registers. Immutable. */
    public static final class State {
        private final PageAllocator.State pages;
        private final DescriptorTable descriptors;

        private State(PageAllocator.State pages, DescriptorTable descriptors) {
            this.pages = pages;
            this.descriptors = descriptors;
        }

        /** First address behind the program: clones of the process start from the same. */
        public long heapStart() {
            return pages.areaStart();
        }
    }

    /**
     * A process with standard input, output and error open and nothing else.
     *
     * @param heapStart first address behind the program, page aligned
     */
    public GuestProcess(GuestMemory memory, GuestLayout layout, long heapStart, FileImage image, HostServices host,
            Limits limits) {
        this.memory = memory;
        this.layout = layout;
        this.host = host;
        this.limits = limits;
        this.pages = new PageAllocator(memory, layout, heapStart);
        this.files = new ProcessFiles(image, new UsfRegion(memory, pages, limits.fileBytes, limits.maxFiles));
        this.log = new Log(limits.logBytes);
        this.descriptors = new DescriptorTable(limits.maxDescriptors);
        descriptors.put(0, open(Node.DeviceKind.NULL));
        descriptors.put(1, open(Node.DeviceKind.LOG));
        descriptors.put(2, open(Node.DeviceKind.LOG));
    }

    private OpenFile open(Node.DeviceKind kind) {
        return new OpenFile(files.find(kind.path()), kind.path(), 0);
    }

    /** Everything that {@link #restore} needs, independent of what this process does next. */
    public State capture() {
        if (!files.region().isEmpty()) {
            throw new IllegalStateException("a process with files of its own cannot be captured");
        }
        return new State(pages.capture(), descriptors.copy(limits.maxDescriptors));
    }

    /** Puts the process back into a captured state, its own or that of another process of the same program. */
    public void restore(State state) {
        pages.restore(state.pages);
        descriptors = state.descriptors.copy(limits.maxDescriptors);
        log.clear();
        files.clear();
        pause = Pause.AWAITS_REQUEST;
        request = ByteBuffer.allocate(0);
        answer = null;
        exitCode = 0;
        lastEtlError = "";
        workingDirectory = "/";
        newFsBase = null;
    }

    /**
     * Takes memory for a program's interpreter before the process runs.
     *
     * @throws IllegalArgumentException if there is not so much
     */
    public long reserve(long bytes) {
        long address = pages.take(bytes);
        if (address < 0) {
            throw new IllegalArgumentException("no " + bytes + " bytes of memory left for the program's interpreter");
        }
        return address;
    }

    /** From now on puts libraries that nearly fill large pages into such, for all clones to share. They must not be unloaded again. */
    public void placeLibraries() {
        placesLibraries = true;
    }

    /** What libraries only read, in whole large pages. */
    public List<LoadedProgram.Range> libraryText() {
        return List.copyOf(libraryText);
    }

    /** Where a file goes that is mapped as a whole: a negative number if anywhere will do. */
    long placeLibrary(ByteBuffer contents, long lengthBytes) {
        long textBytes = placesLibraries ? ElfFile.sharableBytes(contents) : 0;
        if (textBytes == 0 || textBytes >= lengthBytes) {
            return -1;
        }
        long start = pages.takeAround(lengthBytes, textBytes);
        if (start > 0) {
            long large = GuestLayout.LARGE_PAGE_BYTES;
            long from = start / large * large;
            libraryText.add(new LoadedProgram.Range(from, start + textBytes - from));
        }
        return start;
    }

    /** Its memory. */
    public GuestMemory memory() {
        return memory;
    }

    GuestLayout layout() {
        return layout;
    }

    ProcessFiles files() {
        return files;
    }

    HostServices host() {
        return host;
    }

    PageAllocator pages() {
        return pages;
    }

    int maxDescriptors() {
        return limits.maxDescriptors;
    }

    DescriptorTable descriptors() {
        return descriptors;
    }

    /** What the last system call means for the process. */
    public Pause pause() {
        return pause;
    }

    /** Gives the process files of its own, until it is restored. */
    public void assign(Assignment assignment) {
        files.assign(assignment);
    }

    /** Gives the process what it waits for: the next reads of the request device deliver it. */
    public void deliver(ByteBuffer newRequest) {
        request = newRequest;
        pause = Pause.NONE;
    }

    /** Lets the process go on after it delivered a result. */
    public void continueAfterAnswer() {
        pause = Pause.NONE;
    }

    /** The result it delivered. */
    public byte[] answer() {
        return answer;
    }

    /** How it ended, if {@link Pause#EXITED}. */
    public int exitCode() {
        return exitCode;
    }

    /** What it printed, at most the first 64 KiB. */
    public String log() {
        return log.text();
    }

    /** The new value of FS.base if the last system call asked for one, else null. The reader carries it out. */
    public Long takeNewFsBase() {
        Long base = newFsBase;
        newFsBase = null;
        return base;
    }

    void setFsBase(long base) {
        newFsBase = base;
    }

    void exit(int code) {
        exitCode = code;
        pause = Pause.EXITED;
    }

    void timeIsUp() {
        pause = Pause.OUT_OF_TIME;
    }

    /** Moves as much of the request as fits into guest memory, or pauses the process if there is none. */
    long readRequest(long address, long capacityBytes) {
        int count = (int) Math.min(request.remaining(), capacityBytes);
        if (count == 0) {
            pause = Pause.AWAITS_REQUEST;
            return 0;
        }
        memory.put(address, request, request.position(), count);
        request.position(request.position() + count);
        return count;
    }

    long writeAnswer(long address, long lengthBytes) {
        ByteBuffer view = memory.view(address, lengthBytes);
        if (lengthBytes > limits.answerBytes) {
            pause = Pause.OUTPUT_LIMIT;
            return lengthBytes;
        }
        answer = new byte[(int) lengthBytes];
        view.get(0, answer);
        pause = Pause.ANSWERED;
        return lengthBytes;
    }

    long writeLog(long address, long lengthBytes) {
        if (!log.append(memory.view(address, lengthBytes))) {
            pause = Pause.OUTPUT_LIMIT;
        }
        return lengthBytes;
    }

    /** Where relative paths start: an absolute path without links. */
    String workingDirectory() {
        return workingDirectory;
    }

    void changeDirectory(String canonicalPath) {
        workingDirectory = canonicalPath;
    }

    void etlFailed(String reason) {
        lastEtlError = reason;
    }

    String lastEtlError() {
        return lastEtlError;
    }
}
