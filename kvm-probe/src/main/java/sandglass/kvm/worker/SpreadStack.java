package sandglass.kvm.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.stack.Call;
import sandglass.kvm.stack.Imports;
import sandglass.kvm.stack.LiveSandbox;
import sandglass.kvm.stack.LiveStack;
import sandglass.kvm.usf.UsfFactory;
import sandglass.kvm.usf.file.PackedImage;
import sandglass.scenario.Phase;

/**
 * The stack {@code usetl} with its unikernels in worker processes of some hundred each, for populations that one process cannot hold
 * well. Each verb crosses a pipe, which takes about a tenth of a millisecond; run and recycling times are the worker's own. A worker
 * that ends takes its sandboxes with it: their next verb is a {@link WorkerLostException}.
 */
public final class SpreadStack implements LiveStack {

    private final WorkerPoolConfig config;
    private final PackedImage image;
    private final List<Member> members = new ArrayList<>();

    /** A worker and how many sandboxes it has. */
    private record Member(WorkerProcess process, AtomicInteger sandboxes) {
    }

    /**
     * Starts the first worker.
     *
     * @throws HostLimitException  if a worker as configured does not fit this host's limits
     * @throws WorkerLostException if a worker cannot be started
     * @throws sandglass.kvm.usf.file.PythonImage.MissingRuntimeException without a usable Python
     */
    public SpreadStack(WorkerPoolConfig config) {
        HostLimits.ofThisHost().check(config.usfsPerWorker());
        this.config = config;
        this.image = PackedImage.of(UsfFactory.image(config.usf()));
        try {
            members.add(started());
        } catch (RuntimeException e) {
            image.close();
            throw e;
        }
    }

    private Member started() {
        return new Member(new WorkerProcess(config, image.path(), lost -> { }), new AtomicInteger());
    }

    @Override
    public String name() {
        return "usetl";
    }

    @Override
    public LiveSandbox create() {
        Member member = reserve();
        try {
            Frame made = member.process.ask(Frame.Kind.CREATE, out -> { });
            return WorkerProcess.read(made, in -> new SpreadSandbox(member, in.readInt(), in.readLong()));
        } catch (RuntimeException e) {
            member.sandboxes.decrementAndGet();
            throw e;
        }
    }

    private synchronized Member reserve() {
        members.removeIf(member -> member.process.isLost());
        Member chosen = members.stream().filter(member -> member.sandboxes.get() < config.usfsPerWorker()).findFirst().orElse(null);
        if (chosen == null) {
            chosen = started();
            members.add(chosen);
        }
        chosen.sandboxes.incrementAndGet();
        return chosen;
    }

    @Override
    public synchronized Map<String, Long> preparationNs() {
        return Map.of("template", members.stream().mapToLong(member -> member.process.templateNs()).sum(), "workers",
                (long) members.size());
    }

    @Override
    public Map<String, String> unsupported() {
        return Map.of();
    }

    /** The numbers of the worker processes. */
    public synchronized List<Long> pids() {
        return members.stream().map(member -> member.process.pid()).toList();
    }

    @Override
    public synchronized void close() {
        members.forEach(member -> member.process.close());
        members.clear();
        image.close();
    }

    /** A sandbox in a worker. */
    private static final class SpreadSandbox implements LiveSandbox {

        private final Member member;
        private final int number;
        private final long createNs;

        SpreadSandbox(Member member, int number, long createNs) {
            this.member = member;
            this.number = number;
            this.createNs = createNs;
        }

        private Frame ask(Frame.Kind verb) {
            return member.process.ask(verb, out -> out.writeInt(number));
        }

        @Override
        public Map<Phase, Long> startNs() {
            return Map.of(Phase.CREATE, createNs);
        }

        @Override
        public Call call(String source, String event) {
            return call(source, event, Imports.NONE);
        }

        @Override
        public Call call(String source, String event, Imports imports) {
            Frame answer = member.process.ask(Frame.Kind.CALL, out -> {
                out.writeInt(number);
                Frame.writeText(out, source);
                Frame.writeText(out, event);
                Frame.writeText(out, imports.store().toString());
                out.writeInt(imports.modules().size());
                for (String module : imports.modules()) {
                    Frame.writeText(out, module);
                }
            });
            return WorkerProcess.read(answer, CallText::readCall);
        }

        @Override
        public Call warm() {
            return WorkerProcess.read(ask(Frame.Kind.WARM), CallText::readCall);
        }

        @Override
        public Cleanup recycle() {
            return WorkerProcess.read(ask(Frame.Kind.RECYCLE), in -> new Cleanup(in.readLong(), in.readLong()));
        }

        @Override
        public Footprint footprint() {
            return WorkerProcess.read(ask(Frame.Kind.FOOTPRINT), CallText::readFootprint);
        }

        @Override
        public void close() {
            member.sandboxes.decrementAndGet();
            if (!member.process.isLost()) {
                try {
                    ask(Frame.Kind.DESTROY);
                } catch (WorkerLostException e) {
                    // It ended meanwhile, and the sandbox with it: that is what was asked for.
                    return;
                }
            }
        }
    }
}
