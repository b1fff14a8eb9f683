package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.sys.PrivatePages;
import sandglass.kvm.usf.call.Pause;
import sandglass.kvm.usf.etl.Mailbox;
import sandglass.kvm.usf.etl.PolledCalls;
import sandglass.kvm.usf.etl.Poller;
import sandglass.kvm.usf.etl.Windows;
import sandglass.kvm.usf.file.Assignment;
import sandglass.kvm.vm.KvmStats;

/**
 * One unikernel: a clone of the template that runs one function at a time, and is put back to the template's state
 * before the next. Not thread-safe: one thread at a time.
 */
public final class Usf implements AutoCloseable {

    private static final byte RESULT = 'R';
    /** A request may take this part of memory: the runner holds it in up to three forms at once. */
    private static final int REQUEST_SHARE = 8;

    private final Template template;
    private final GuestMachine machine;
    private final UsfHost host;
    private final Windows windows;
    private final UsfConfig config;
    private final LongSupplier clockNs;
    private boolean isFresh = true;
    private boolean hasLargePages;
    private boolean closed;
    private PolledCalls polled;
    /** Whether more pages are private than the guest has written. */
    private boolean ownsMemory;

    Usf(Template template, GuestMachine machine, UsfHost host, Windows windows, UsfConfig config,
            LongSupplier clockNs) {
        this.template = template;
        this.machine = machine;
        this.host = host;
        this.windows = windows;
        this.config = config;
        this.clockNs = clockNs;
        this.hasLargePages = !template.largePages().isEmpty();
    }

    /**
     * Runs a function.
     *
     * @param source Python with {@code def handler(event, etl)}
     * @param event  JSON
     * @throws IllegalStateException if the unikernel has not been recycled since the last function
     */
    public Invocation invoke(String source, String event) {
        return invoke(source, event, Assignment.NONE);
    }

    /**
     * Lets the next function map a mailbox, as {@code /usf/mailbox}, until the unikernel is recycled. The mailbox is
     * erased first, and must be closed after that.
     */
    public void offer(Mailbox mailbox) {
        mailbox.reset();
        host.offer(mailbox);
    }

    /** From now on, the functions' calls to the host are noticed by a poller, without an exit. */
    public void pollWith(Poller poller) {
        polled = host.polled(poller, machine.process().memory());
    }

    /**
     * Gets copies of its own of pages that it would share with the template.
     *
     * @param mergeable whether the kernel's scanner may merge them, and all others, with equal ones
     */
    void own(PageRuns pages, boolean mergeable) {
        Mapping ram = machine.ram();
        for (int i = 0; i < pages.count(); i++) {
            ram.advise(Linux.Advice.POPULATE_WRITE, pages.offset(i), pages.length(i));
        }
        if (mergeable) {
            ram.advise(Linux.Advice.MERGEABLE, 0, ram.sizeBytes());
        }
        ownsMemory = true;
    }

    /**
     * Runs a function with files of its own.
     *
     * @param assignment what the function gets beside its event, until the unikernel is recycled
     * @throws IllegalStateException if the unikernel has not been recycled since the last function
     */
    public Invocation invoke(String source, String event, Assignment assignment) {
        return invoke(source, event, assignment, config.timeLimit());
    }

    /**
     * Runs a function with files of its own and a time limit of its own.
     *
     * @param timeLimit how long it may take, in place of the configuration's
     * @throws IllegalStateException if the unikernel has not been recycled since the last function
     */
    public Invocation invoke(String source, String event, Assignment assignment, Duration timeLimit) {
        if (!isFresh) {
            throw new IllegalStateException("a unikernel must be recycled between two functions");
        }
        byte[] seed = new byte[Request.SEED_BYTES];
        host.random(seed);
        ExitCounts exits = new ExitCounts(clockNs);
        ByteBuffer request = assignment.modules() == null ? Request.invoke(source, event, seed)
                : Request.invokeWithModules(source, event, seed);
        if (request.remaining() > config.ramBytes() / REQUEST_SHARE) {
            return new Invocation(new Outcome.Refused("source and event have " + request.remaining()
                    + " bytes; at most " + config.ramBytes() / REQUEST_SHARE), "", exits, 0);
        }
        if (polled != null) {
            Request.polled(request);
        }
        isFresh = false;
        long startNs = clockNs.getAsLong();
        long deadlineNs = startNs + timeLimit.toNanos();
        host.setDeadline(deadlineNs);
        machine.vcpu().arm(Linux.currentThread(), deadlineNs);
        machine.process().assign(assignment);
        machine.process().deliver(request);
        if (polled != null) {
            polled.begin(deadlineNs);
        }
        Stop stop = machine.resume(exits);
        if (polled != null) {
            polled.end();
        }
        exits.entered();
        machine.vcpu().disarm();
        long runNs = clockNs.getAsLong() - startNs;
        return new Invocation(outcome(stop), machine.process().log(), exits, runNs);
    }

    private Outcome outcome(Stop stop) {
        byte[] answer = machine.process().answer();
        if (!stop.equals(new Stop.Paused(Pause.ANSWERED)) || answer.length == 0) {
            return new Outcome.Killed(stop);
        }
        String text = new String(answer, 1, answer.length - 1, StandardCharsets.UTF_8);
        return answer[0] == RESULT ? new Outcome.Result(text) : new Outcome.Failed(text);
    }

    /**
     * Puts the unikernel back into the template's state: memory, registers, files. Nothing of the last function
     * remains.
     *
     * @param scanner of the calling thread
     */
    Recycling recycle(PrivatePages scanner, PageRuns written) {
        long startNs = clockNs.getAsLong();
        windows.clear();
        host.offer(null);
        written.clear();
        Mapping ram = machine.ram();
        long droppedPages = 0;
        long changedPages = 0;
        if (hasLargePages) {
            changedPages = template.largePages().take(ram);
            hasLargePages = false;
        }
        long pages = scanner.scan(ram, written);
        for (int i = 0; i < written.count(); i++) {
            long offset = written.offset(i);
            long length = written.length(i);
            if (ownsMemory) {
                droppedPages += length / Linux.PAGE_BYTES - copyBackWhatDiffers(offset, length);
            } else if (pages > config.copyBackPages() && !template.isUsuallyWritten(offset, length)) {
                ram.advise(Linux.Advice.DONTNEED, offset, length);
                droppedPages += length / Linux.PAGE_BYTES;
            } else {
                ram.bytes().put((int) offset, template.contents().bytes(), (int) offset, (int) length);
            }
        }
        template.cpu().reloadInto(machine.vcpu());
        machine.process().restore(template.process());
        isFresh = true;
        return new Recycling(pages + changedPages - droppedPages, ownsMemory ? 0 : droppedPages, clockNs.getAsLong() - startNs);
    }

    /** Writing to a page that is equal already would take it out of a merge. Answers how many pages were not. */
    private long copyBackWhatDiffers(long offset, long lengthBytes) {
        ByteBuffer mine = machine.ram().bytes();
        ByteBuffer right = template.contents().bytes();
        long copied = 0;
        for (int at = (int) offset; at < offset + lengthBytes; at += Linux.PAGE_BYTES) {
            if (!mine.slice(at, Linux.PAGE_BYTES).equals(right.slice(at, Linux.PAGE_BYTES))) {
                mine.put(at, right, at, Linux.PAGE_BYTES);
                copied++;
            }
        }
        return copied;
    }

    /** Whether the next recycling gives large pages back, after which the small ones have to be touched again. */
    public boolean hasLargePages() {
        return hasLargePages;
    }

    /**
     * Compares all that a function could have left behind with the template: every byte of memory, and the processor's general and
     * vector registers. Takes some ten milliseconds.
     *
     * @param secrets texts of ASCII characters that functions had and that must not be found in memory
     * @throws IllegalStateException if the unikernel has not been recycled since the last function
     */
    public Residue residue(List<String> secrets) {
        if (!isFresh) {
            throw new IllegalStateException("what a function leaves behind shows after recycling");
        }
        return Residue.of(machine.ram().bytes(), template.contents().bytes(), template.cpu().differsIn(machine.vcpu()), secrets);
    }

    /** The guest's memory, for measuring what it takes; not to be written. */
    public Mapping memory() {
        return machine.ram();
    }

    /** The kernel's own counters of the vCPU, from which an invocation's difference can be taken. */
    public KvmStats counters() {
        return machine.vcpu().stats();
    }

    GuestMachine machine() {
        return machine;
    }

    @Override
    public void close() {
        if (closed) {
            return; // the memory may be another clone's by now
        }
        closed = true;
        if (hasLargePages && polled == null) {
            template.largePages().keep(machine.closeButRam());
        } else {
            machine.close();
        }
        if (polled != null) {
            polled.close();
        }
        windows.abandon();
    }
}
