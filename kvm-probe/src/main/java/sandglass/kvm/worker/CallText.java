package sandglass.kvm.worker;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import sandglass.kvm.measure.Footprint;
import sandglass.kvm.measure.KernelCounters;
import sandglass.kvm.stack.Call;

/** Calls and footprints in the body of a frame. */
final class CallText {

    private CallText() {
    }

    static void write(DataOutputStream out, Call call) throws IOException {
        Call.Ending ending = call.ending();
        if (ending instanceof Call.Ending.Returned returned) {
            write(out, 0, returned.json());
        } else if (ending instanceof Call.Ending.Raised raised) {
            write(out, 1, raised.traceback());
        } else if (ending instanceof Call.Ending.Refused refused) {
            write(out, 2, refused.reason());
        } else {
            write(out, 3, ((Call.Ending.Ended) ending).reason());
        }
        Frame.writeText(out, call.log());
        out.writeLong(call.runNs());
        writeCounts(out, call.exits());
        writeCounts(out, call.systemCalls());
        KernelCounters kernel = call.kernel();
        for (long value : new long[] {kernel.exits(), kernel.ioExits(), kernel.mmioExits(), kernel.haltExits(), kernel.faults(),
            kernel.interrupts(), kernel.signals(), kernel.emulated()}) {
            out.writeLong(value);
        }
        writeTimes(out, call.exitNs());
        writeTimes(out, call.counts());
    }

    private static void write(DataOutputStream out, int ending, String text) throws IOException {
        out.writeByte(ending);
        Frame.writeText(out, text);
    }

    static Call readCall(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        String text = Frame.readText(in);
        Call.Ending ending = switch (kind) {
            case 0 -> new Call.Ending.Returned(text);
            case 1 -> new Call.Ending.Raised(text);
            case 2 -> new Call.Ending.Refused(text);
            default -> new Call.Ending.Ended(text);
        };
        return new Call(ending, Frame.readText(in), in.readLong(), readCounts(in), readCounts(in), new KernelCounters(in.readLong(),
                in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong()),
                readTimes(in), readTimes(in));
    }

    private static void writeCounts(DataOutputStream out, Map<String, Integer> counts) throws IOException {
        out.writeInt(counts.size());
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            out.writeUTF(count.getKey());
            out.writeInt(count.getValue());
        }
    }

    private static Map<String, Integer> readCounts(DataInputStream in) throws IOException {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            counts.put(in.readUTF(), in.readInt());
        }
        return counts;
    }

    private static void writeTimes(DataOutputStream out, Map<String, Long> values) throws IOException {
        out.writeInt(values.size());
        for (Map.Entry<String, Long> value : values.entrySet()) {
            out.writeUTF(value.getKey());
            out.writeLong(value.getValue());
        }
    }

    private static Map<String, Long> readTimes(DataInputStream in) throws IOException {
        Map<String, Long> values = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            values.put(in.readUTF(), in.readLong());
        }
        return values;
    }

    static void write(DataOutputStream out, Footprint footprint) throws IOException {
        out.writeLong(footprint.rssBytes());
        out.writeLong(footprint.pssBytes());
        out.writeLong(footprint.ussBytes());
        out.writeLong(footprint.dirtyBytes());
    }

    static Footprint readFootprint(DataInputStream in) throws IOException {
        return new Footprint(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
}
