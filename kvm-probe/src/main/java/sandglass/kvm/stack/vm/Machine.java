package sandglass.kvm.stack.vm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/** A virtual machine whose guest waits to be told how to go on, and its end of the virtio port. */
final class Machine {

    private static final int LONGEST_LINE = 4096;

    private final QemuProcess qemu;
    private final InputStream in;
    private final OutputStream out;

    /** @param port QEMU has connected to it */
    Machine(QemuProcess qemu, SocketChannel port) {
        this.qemu = qemu;
        in = Channels.newInputStream(port);
        out = Channels.newOutputStream(port);
    }

    /**
     * What the guest's first program says when it is ready, by the guest's own clock.
     *
     * @param startedNs when the kernel started it
     * @param firstNs   when the interpreter came to its first line
     * @param readyNs   when everything was imported
     */
    record Hello(long startedNs, long firstNs, long readyNs) {

        /** From the start of the interpreter until it was ready. */
        long interpreterNs() {
            return readyNs - startedNs;
        }
    }

    QemuProcess qemu() {
        return qemu;
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** Waits for the guest's line; whoever wants a time limit kills QEMU when it is reached. */
    Hello awaitReady() throws QemuProcess.FailedException {
        String line = line("the guest did not become ready");
        String[] words = line.split(" ");
        if (words.length != 4 || !words[0].equals("ready")) {
            throw qemu.failed("the guest said '" + line + "' instead of being ready");
        }
        return new Hello(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    private String line(String otherwise) throws QemuProcess.FailedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0 || line.size() > LONGEST_LINE) {
                    throw qemu.failed(otherwise);
                }
                line.write(next);
            }
        } catch (IOException e) {
            throw qemu.failed(otherwise);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Tells the guest something, one JSON object. */
    void tell(String json) throws QemuProcess.FailedException {
        try {
            out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw qemu.failed("the guest does not listen");
        }
    }

    /**
     * How fast the guest's clock goes.
     *
     * @param rounds     how often it is asked at each end; the quickest answer counts
     * @param intervalMs between the two ends
     * @return guest's seconds in a second of the host's
     */
    double clockRate(int rounds, long intervalMs, LongSupplier clockNs) throws QemuProcess.FailedException, InterruptedException {
        long[] begin = clocks(rounds, clockNs);
        Thread.sleep(intervalMs);
        long[] end = clocks(rounds, clockNs);
        return (double) (end[1] - begin[1]) / (end[0] - begin[0]);
    }

    /** Host's and guest's clock at nearly the same time. */
    private long[] clocks(int rounds, LongSupplier clockNs) throws QemuProcess.FailedException {
        long[] best = null;
        long shortestNs = Long.MAX_VALUE;
        for (int i = 0; i < rounds; i++) {
            long askedNs = clockNs.getAsLong();
            tell("{\"clock\": true}");
            long guestNs = Long.parseLong(line("the guest does not tell the time"));
            long answeredNs = clockNs.getAsLong();
            if (answeredNs - askedNs < shortestNs) {
                shortestNs = answeredNs - askedNs;
                best = new long[] {askedNs + shortestNs / 2, guestNs};
            }
        }
        return best;
    }
}
