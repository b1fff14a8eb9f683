package sandglass.kvm.measure;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** Where the heap of this Java lies, as {@code jcmd PID GC.heap_info} says it. */
public final class JavaHeap {

    private static final Pattern ADDRESS = Pattern.compile("[\\[,] ?0x([0-9a-f]+)");

    private JavaHeap() {
    }

    /**
     * The memory of its pages that were ever touched: garbage or not, they stay.
     *
     * @throws IllegalStateException if this Java does not tell where its heap lies
     */
    public static Footprint footprint() {
        Matcher addresses = ADDRESS.matcher(description());
        long low = Long.MAX_VALUE;
        long high = 0;
        while (addresses.find()) {
            long address = Long.parseUnsignedLong(addresses.group(1), 16);
            low = Math.min(low, address);
            high = Math.max(high, address);
        }
        if (high == 0) {
            throw new IllegalStateException("no addresses in: " + description());
        }
        return Smaps.ofRange(low, high - low);
    }

    private static String description() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcHeapInfo", new Object[0], new String[0]);
        } catch (JMException e) {
            throw new IllegalStateException("this Java has no diagnostic commands", e);
        }
    }
}
