package sandglass.kvm.usf;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import sandglass.kvm.usf.etl.Mailbox;

/**
 * Exit beside polling: time a request and processor time of both sides. Not a test. Wall clock System.nanoTime around
 * the invocation, processor time of the vCPU's thread and the poller's; medians of rounds, cost of an empty loop kept.
 */
final class NotificationBenchmark {

    private static final int REQUESTS = 2000;
    private static final int ROUNDS = 11;
    private static final String EXIT = """
            import os
            def handler(event, etl):
                for number in range(1, event + 1):
                    os.getppid()
                return event
            """;

    private NotificationBenchmark() {
    }

    /** Prints a table. */
    public static void main(String[] arguments) {
        try (UsfFactory factory = new UsfFactory(UsfConfig.defaults(), System::nanoTime);
                UsfPool pool = new UsfPool(factory, System::nanoTime);
                Usf usf = factory.create()) {
            System.out.println("n = " + ROUNDS + " rounds of " + REQUESTS + " requests; us a request, medians");
            measure("exit", usf, pool, null, EXIT);
            for (long intervalNs : new long[] {0, 10_000, 100_000, 1_000_000}) {
                try (Mailbox mailbox = new Mailbox(argument -> argument + 1, intervalNs)) {
                    measure("poll every " + intervalNs / 1000 + " us", usf, pool, mailbox, MailboxTest.ASK);
                }
            }
        }
    }

    private static void measure(String name, Usf usf, UsfPool pool, Mailbox mailbox, String source) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] wall = new double[ROUNDS];
        double[] guest = new double[ROUNDS];
        double[] poller = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            if (mailbox != null) {
                usf.offer(mailbox);
            }
            long pollerNs = mailbox == null ? 0 : threads.getThreadCpuTime(mailbox.pollerThreadId());
            long guestNs = threads.getCurrentThreadCpuTime();
            Invocation invocation = usf.invoke(source, Integer.toString(REQUESTS));
            guest[i] = (threads.getCurrentThreadCpuTime() - guestNs) / 1e3 / REQUESTS;
            poller[i] = mailbox == null ? 0
                    : (threads.getThreadCpuTime(mailbox.pollerThreadId()) - pollerNs) / 1e3 / REQUESTS;
            wall[i] = invocation.runNs() / 1e3 / REQUESTS;
            if (!invocation.outcome().equals(new Outcome.Result(Integer.toString(REQUESTS)))) {
                throw new IllegalStateException(name + ": " + invocation.outcome());
            }
            pool.recycle(usf);
        }
        System.out.printf("%-20s wall %8.1f  guest cpu %8.1f  poller cpu %8.1f%n", name, median(wall), median(guest),
                median(poller));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
