package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.sys.Linux;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.call.HostServices;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.usf.etl.EtlGateway;
import sandglass.kvm.usf.etl.Mailbox;
import sandglass.kvm.usf.etl.PolledCalls;
import sandglass.kvm.usf.etl.Poller;
import sandglass.kvm.usf.etl.Windows;
import sandglass.kvm.vm.GuestMemory;

/** The world as one unikernel gets it: real clocks, real randomness, and the network through a gateway. */
final class UsfHost implements HostServices {

    private static final long SECOND_NS = 1_000_000_000;

    private final LongSupplier clockNs;
    private final SecureRandom random;
    private final EtlGateway gateway;
    private Windows windows;
    private Mailbox mailbox;
    private long deadlineNs;

    UsfHost(LongSupplier clockNs, SecureRandom random, EtlGateway gateway) {
        this.clockNs = clockNs;
        this.random = random;
        this.gateway = gateway;
    }

    /** Says where documents go, once the machine exists. */
    void attach(Windows newWindows) {
        windows = newWindows;
    }

    /** Offers the guest a mailbox, or none if null. */
    void offer(Mailbox newMailbox) {
        mailbox = newMailbox;
    }

    /** Lets calls be made through a page that a poller looks at. */
    PolledCalls polled(Poller poller, GuestMemory memory) {
        try {
            return new PolledCalls(poller, memory, windows, gateway, clockNs);
        } catch (EtlException e) {
            throw new IllegalStateException("a new unikernel's window is full: " + e.getMessage(), e);
        }
    }

    /** Nothing that the host does for the guest lasts longer than this instant of the clock. */
    void setDeadline(long newDeadlineNs) {
        deadlineNs = newDeadlineNs;
    }

    private long remainingNs() {
        return Math.max(0, deadlineNs - clockNs.getAsLong());
    }

    @Override
    public long wallClockNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * SECOND_NS + now.getNano();
    }

    @Override
    public long monotonicNs() {
        return clockNs.getAsLong();
    }

    /** The calling thread is the vCPU's, which spends its time in the guest or for it. */
    @Override
    public long coreTimeNs() {
        return Linux.threadCpuNs();
    }

    @Override
    public void random(byte[] bytes) {
        random.nextBytes(bytes);
    }

    @Override
    public boolean sleep(long durationNs) {
        long allowedNs = remainingNs();
        long endNs = clockNs.getAsLong() + Math.min(durationNs, allowedNs);
        for (long left = endNs - clockNs.getAsLong(); left > 0; left = endNs - clockNs.getAsLong()) {
            LockSupport.parkNanos(left);
        }
        return durationNs <= allowedNs;
    }

    @Override
    public Document get(String url) throws EtlException {
        return gateway.get(url, windows, remainingNs());
    }

    @Override
    public void post(String url, ByteBuffer[] body) throws EtlException {
        gateway.post(url, body, remainingNs());
    }

    @Override
    public long mailbox() throws EtlException {
        if (mailbox == null) {
            throw new EtlException(Errno.ENODEV, "no mailbox was offered");
        }
        return GuestLayout.WINDOW_START
                + windows.share(mailbox.page(), 0, mailbox.page().sizeBytes(), true).windowOffset();
    }

    @Override
    public long share(Mapping memory, long offset, long sizeBytes) throws EtlException {
        return GuestLayout.WINDOW_START + windows.share(memory, offset, sizeBytes, false).windowOffset();
    }
}
