package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.sys.PresentPages;
import sandglass.kvm.sys.PrivatePages;
import sandglass.kvm.usf.call.GuestProcess;
import sandglass.kvm.usf.call.SystemCallTable;
import sandglass.kvm.usf.cpu.Backend;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.cpu.GuestTables;
import sandglass.kvm.usf.cpu.SyscallPath;
import sandglass.kvm.usf.etl.BufferPool;
import sandglass.kvm.usf.etl.EtlGateway;
import sandglass.kvm.usf.etl.Windows;
import sandglass.kvm.usf.file.FileImage;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.kvm.vm.GuestMemory;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.KvmStats;
import sandglass.kvm.vm.Vcpu;
import sandglass.kvm.vm.Vm;
import sandglass.kvm.vm.Watchdog;

/** Owns the template and makes clones of it. Thread-safe after construction. */
public final class UsfFactory implements AutoCloseable {

    static final String TRIVIAL_FUNCTION = "def handler(event, etl):\n    return event['n'] + 1\n";
    static final String TRIVIAL_EVENT = "{\"n\": 1}";
    static final String TRIVIAL_RESULT = "2";

    /** Files of a guest may take this part of its memory. */
    private static final int FILE_SHARE = 2;
    private static final String RUNNER = "/usf/runner.py";
    /** The C library asks the host for memory in larger steps than usual, because each is an exit. */
    private static final List<String> ENVIRONMENT = List.of("PATH=/usr/bin", "HOME=/", "LANG=C.UTF-8",
            "MALLOC_TOP_PAD_=1048576", "MALLOC_MMAP_THRESHOLD_=1048576", "MALLOC_TRIM_THRESHOLD_=16777216");
    /** Python's own allocator is faster, but asks for a MiB at a time, of which a small guest has not enough; the runner tells by this. */
    private static final String SMALL_ALLOCATOR = "PYTHONMALLOC=malloc";
    /** A copy of a large page takes some ten faults' time. */
    private static final int LEAST_FAULTS_OF_LARGE_PAGE = 12;
    private static final String FAULTS = "pf_fixed";
    private static final long KEPT_BUFFER_BYTES = 256L << 20;

    private final UsfConfig config;
    private final LongSupplier clockNs;
    private final Kvm kvm;
    private final Watchdog watchdog;
    private final SyscallPath path;
    private final SystemCallTable calls = new SystemCallTable();
    private final GuestLayout layout;
    private final GuestProcess.Limits limits;
    private final PythonImage python;
    private final SecureRandom random = new SecureRandom();
    private final EtlGateway gateway;
    private final BufferPool buffers = new BufferPool(KEPT_BUFFER_BYTES);
    private final Template template;
    private final long buildNs;
    private final ReentrantLock creating = new ReentrantLock(true);

    /**
     * Boots, warms and freezes the template.
     *
     * @param clockNs a clock that never goes back, such as System::nanoTime
     * @throws sandglass.kvm.vm.KvmUnavailableException              without a usable KVM
     * @throws sandglass.kvm.usf.file.PythonImage.MissingRuntimeException without a usable Python
     */
    public UsfFactory(UsfConfig config, LongSupplier clockNs) {
        this(config, clockNs, () -> image(config));
    }

    /** The runtime image of the unikernels: the host's Python and the runner. */
    public static PythonImage image(UsfConfig config) {
        return PythonImage.read(config.interpreter(), new FileImage.Builder().file(RUNNER, Resources.read("runner.py"), 0, false));
    }

    /**
     * The same with an image made before, for processes that share one.
     *
     * @param image gives what {@link #image} of an equal configuration gives
     */
    public UsfFactory(UsfConfig config, LongSupplier clockNs, Supplier<PythonImage> image) {
        this.config = config;
        this.clockNs = clockNs;
        this.layout = new GuestLayout(config.ramBytes());
        this.limits = new GuestProcess.Limits(config.maxAnswerBytes(), config.maxLogBytes(),
                config.ramBytes() / FILE_SHARE, config.maxFiles(), config.maxDescriptors());
        this.gateway = new EtlGateway(config.allowedHosts(), config.maxDocumentBytes(), clockNs);
        this.kvm = Kvm.open();
        this.watchdog = new Watchdog(clockNs);
        try {
            this.path = Backend.probe(kvm);
            this.python = image.get();
            long startNs = clockNs.getAsLong();
            this.template = buildTemplate();
            this.buildNs = clockNs.getAsLong() - startNs;
            learnWriteSet();
        } catch (RuntimeException e) {
            watchdog.close();
            kvm.close();
            throw e;
        }
    }

    private Template buildTemplate() {
        ProgramStart start = new ProgramStart(kvm, watchdog, path, calls, python.files(), layout, limits);
        UsfHost host = new UsfHost(clockNs, random, new EtlGateway(java.util.Set.of(), 0, clockNs));
        // Isolated (-I) but for the environment, which is ours.
        List<String> arguments = List.of(python.interpreterPath(), "-s", "-P", "-S", "-B", RUNNER);
        List<String> environment = new ArrayList<>(ENVIRONMENT);
        if (config.ramBytes() < TemplateBuilder.ROOMY_BYTES) {
            environment.add(SMALL_ALLOCATOR);
        }
        return new TemplateBuilder(start, host).build(arguments, environment);
    }

    /** Runs a function in a first clone, sees which pages that wrote and touched, and chooses what later clones get at once. */
    private void learnWriteSet() {
        try (Usf first = create(); PrivatePages scanner = PrivatePages.open()) {
            ByteBuffer ram = first.machine().ram().bytes();
            boolean watches = GuestTables.watchAccesses(ram, layout);
            first.invoke(TRIVIAL_FUNCTION, TRIVIAL_EVENT);
            PageRuns runs = new PageRuns();
            scanner.scan(first.machine().ram(), runs);
            BitSet written = runs.pages();
            written.clear(0, (int) (GuestLayout.FIRST_USER_ADDRESS / Linux.PAGE_BYTES)); // page tables that watch
            BitSet touched = watches ? GuestTables.accessedPages(ram, layout) : new BitSet();
            touched.andNot(template.sharedLargePages());
            touched.or(written);
            boolean isRoomy = config.ramBytes() >= TemplateBuilder.ROOMY_BYTES;
            int price = isRoomy ? PopulationPlan.PAGES_FOR_A_FAULT_IF_ROOMY : PopulationPlan.PAGES_FOR_A_FAULT;
            BitSet plan = PopulationPlan.of(written, touched, price);
            template.learnWriteSet(PageRuns.of(plan));
            if (isRoomy && config.population() == UsfConfig.Population.LARGE_PAGES) {
                tryLargePages(PopulationPlan.largePages(plan, touched, UsfConfig.MOST_LARGE_PAGES, LEAST_FAULTS_OF_LARGE_PAGE));
            }
        }
    }

    /** Keeps large pages if they save faults here: the host may have none, or KVM may map their small pages one by one. */
    private void tryLargePages(List<Integer> numbers) {
        long without = faultsOfFirstCall();
        template.useLargePages(numbers);
        if (without - faultsOfFirstCall() < LEAST_FAULTS_OF_LARGE_PAGE * numbers.size() / 2) {
            template.useLargePages(List.of());
        }
    }

    /** As KVM counts them; 0 where it does not. */
    private long faultsOfFirstCall() {
        try (Usf usf = create(); KvmStats counters = usf.counters()) {
            long before = counters.read().getOrDefault(FAULTS, 0L);
            usf.invoke(TRIVIAL_FUNCTION, TRIVIAL_EVENT);
            return counters.read().getOrDefault(FAULTS, 0L) - before;
        }
    }

    /**
     * Makes a clone, ready for a function: a machine around a private view of the template's memory. Who comes meanwhile waits: clones that
     * are made at a time wait for one another anyway, at the address space's lock, and for much longer.
     *
     * @throws sandglass.kvm.sys.SystemCallException if the host has no descriptor or memory left for it; nothing of the
     *                                               clone remains then
     */
    public Usf create() {
        creating.lock();
        try {
            return made();
        } finally {
            creating.unlock();
        }
    }

    private Usf made() {
        Mapping ram = template.privateView();
        Vm vm = null;
        Vcpu vcpu = null;
        try {
            populate(ram);
            vm = kvm.createVm();
            GuestMemory memory = template.provideMemory(vm, ram);
            vcpu = vm.createVcpu(0);
            template.cpu().loadInto(vcpu, kvm.supportedCpuid());
            return assemble(vm, vcpu, ram, memory);
        } catch (RuntimeException e) {
            if (vcpu != null) {
                vcpu.close();
            }
            if (vm != null) {
                vm.close();
            }
            ram.close();
            throw e;
        }
    }

    /**
     * The pages that a clone has present after a call, its own and those that it shares, by number.
     *
     * @param source of the function that is called
     * @param event  for it
     */
    public BitSet presentAfter(String source, String event) {
        try (Usf first = create()) {
            first.invoke(source, event);
            return PresentPages.of(first.memory());
        }
    }

    /**
     * Makes a clone that has copies of its own of some of the template's pages, as if it had booted by itself.
     *
     * @param pages     by number
     * @param mergeable whether the kernel's scanner may merge its memory with equal memory of others
     */
    public Usf createOwning(BitSet pages, boolean mergeable) {
        Usf usf = create();
        try {
            usf.own(PageRuns.of(pages), mergeable);
            return usf;
        } catch (RuntimeException e) {
            usf.close();
            throw e;
        }
    }

    private void populate(Mapping ram) {
        if (!template.largePages().isEmpty()) {
            template.largePages().fill(ram);
        } else if (config.population() != UsfConfig.Population.NONE) {
            template.writeSetRuns().populate(ram, template.contents().bytes());
        }
    }

    private Usf assemble(Vm vm, Vcpu vcpu, Mapping ram, GuestMemory memory) {
        UsfHost host = new UsfHost(clockNs, random, gateway);
        Windows windows = new Windows(vm, template.slots(), memory, buffers);
        host.attach(windows);
        GuestProcess process = new GuestProcess(memory, layout, template.process().heapStart(), python.files(), host,
                limits);
        process.restore(template.process());
        GuestMachine machine = new GuestMachine(vm, vcpu, ram, process, calls, path, watchdog);
        return new Usf(template, machine, host, windows, config, clockNs);
    }

    /** How long one invocation may take, unless said otherwise. */
    Duration timeLimit() {
        return config.timeLimit();
    }

    /** What clones are made of. */
    Template template() {
        return template;
    }

    /** How long it took to boot, warm and freeze the template, in nanoseconds. */
    public long buildNs() {
        return buildNs;
    }

    /** The names of system calls, for ledgers. */
    public SystemCallTable systemCalls() {
        return calls;
    }

    /** Closes the template and all that clones share; close the clones first. */
    @Override
    public void close() {
        template.close();
        gateway.close();
        buffers.close();
        watchdog.close();
        kvm.close();
    }
}
