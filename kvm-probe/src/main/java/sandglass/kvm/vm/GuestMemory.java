package sandglass.kvm.vm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Guest memory by guest address, for guests that map virtual addresses to equal physical ones. Every access is checked
 * against the ranges that the guest itself may use: a host that follows a guest's pointer must not be led elsewhere.
 * All checks are safe from overflow for any 64-bit address and length. Not for use while the guest runs.
 */
public final class GuestMemory {

    private record Window(long start, long sizeBytes, ByteBuffer bytes, boolean writable) {
    }

    private record Range(long start, long end) {

        boolean meets(long from, long to) {
            return from < end && to > start;
        }
    }

    private final ByteBuffer ram;
    private final long firstUserAddress;
    private final long ramBytes;
    private final List<Window> windows = new CopyOnWriteArrayList<>();
    private final List<Range> readOnly = new ArrayList<>();

    /**
     * @param ram              guest RAM, starting at guest address 0, little-endian
     * @param firstUserAddress everything below belongs to the machine (page tables, stubs) and is refused
     */
    public GuestMemory(ByteBuffer ram, long firstUserAddress) {
        this.ram = ram;
        this.ramBytes = ram.capacity();
        this.firstUserAddress = firstUserAddress;
    }

    /** Adds memory at a higher address than RAM's; any thread may. */
    public void addWindow(long guestAddress, ByteBuffer bytes, long sizeBytes, boolean writable) {
        windows.add(new Window(guestAddress, sizeBytes, bytes, writable));
    }

    /** Declares a range of RAM, at or above the first user address, that the guest may only read. */
    public void addReadOnly(long start, long sizeBytes) {
        readOnly.add(new Range(start, start + sizeBytes));
    }

    private boolean meetsReadOnly(long address, long lengthBytes) {
        for (int i = 0; i < readOnly.size(); i++) {
            if (readOnly.get(i).meets(address, address + lengthBytes)) {
                return true;
            }
        }
        return false;
    }

    /** Forgets all windows. */
    public void clearWindows() {
        windows.clear();
    }

    /** The size of RAM. */
    public long ramBytes() {
        return ramBytes;
    }

    /** RAM itself, for those who work on addresses of their own choosing. */
    public ByteBuffer ram() {
        return ram;
    }

    private boolean inRam(long address, long lengthBytes) {
        // Neither difference can overflow: address is at least firstUserAddress, which is not negative.
        return address >= firstUserAddress && lengthBytes >= 0 && lengthBytes <= ramBytes - address;
    }

    /** Whether the guest may write to all of a range. */
    public boolean isWritable(long address, long lengthBytes) {
        if (inRam(address, lengthBytes)) {
            return !meetsReadOnly(address, lengthBytes);
        }
        Window window = window(address, lengthBytes);
        return window != null && window.writable;
    }

    private Window window(long address, long lengthBytes) {
        for (Window window : windows) {
            long offset = address - window.start;
            if (address >= window.start && offset <= window.sizeBytes && lengthBytes >= 0
                    && lengthBytes <= window.sizeBytes - offset) {
                return window;
            }
        }
        return null;
    }

    /**
     * The host's view of a guest range that the guest may read.
     *
     * @throws GuestFaultException if it may not
     */
    public ByteBuffer view(long address, long lengthBytes) {
        if (inRam(address, lengthBytes)) {
            return ram.slice((int) address, (int) lengthBytes);
        }
        Window window = window(address, lengthBytes);
        if (window == null) {
            throw new GuestFaultException(address, lengthBytes);
        }
        return window.bytes.slice((int) (address - window.start), (int) lengthBytes);
    }

    private int ramIndex(long address, long lengthBytes) {
        if (!inRam(address, lengthBytes)) {
            throw new GuestFaultException(address, lengthBytes);
        }
        return (int) address;
    }

    private int writableIndex(long address, long lengthBytes) {
        int index = ramIndex(address, lengthBytes);
        if (meetsReadOnly(address, lengthBytes)) {
            throw new GuestFaultException(address, lengthBytes);
        }
        return index;
    }

    /** A 32-bit number. */
    public int getInt(long address) {
        return ram.getInt(ramIndex(address, Integer.BYTES));
    }

    /** A 64-bit number. */
    public long getLong(long address) {
        return ram.getLong(ramIndex(address, Long.BYTES));
    }

    /** Stores a 32-bit number. */
    public void putInt(long address, int value) {
        ram.putInt(writableIndex(address, Integer.BYTES), value);
    }

    /** Stores a 64-bit number. */
    public void putLong(long address, long value) {
        ram.putLong(writableIndex(address, Long.BYTES), value);
    }

    /** Copies {@code lengthBytes} bytes into RAM, starting at {@code offset} of the source. */
    public void put(long address, ByteBuffer source, int offset, int lengthBytes) {
        ram.put(writableIndex(address, lengthBytes), source, offset, lengthBytes);
    }

    /** Copies bytes into RAM. */
    public void put(long address, byte[] source) {
        ram.put(writableIndex(address, source.length), source);
    }

    /** Zeroes a range of RAM. */
    public void zero(long address, long lengthBytes) {
        int from = writableIndex(address, lengthBytes);
        int end = from + (int) lengthBytes;
        int at = from;
        for (; at < end && (at & 7) != 0; at++) {
            ram.put(at, (byte) 0);
        }
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            ram.putLong(at, 0);
        }
        for (; at < end; at++) {
            ram.put(at, (byte) 0);
        }
    }

    /** A copy of a range. */
    public byte[] bytes(long address, int lengthBytes) {
        byte[] copy = new byte[lengthBytes];
        view(address, lengthBytes).get(0, copy);
        return copy;
    }

    /**
     * A zero-terminated UTF-8 string.
     *
     * @return the string, or null if there is no zero among the first {@code maxBytes} bytes
     */
    public String cString(long address, int maxBytes) {
        int start = ramIndex(address, 1);
        int limit = (int) Math.min(ramBytes, address + maxBytes);
        for (int end = start; end < limit; end++) {
            if (ram.get(end) == 0) {
                byte[] text = new byte[end - start];
                ram.get(start, text);
                return new String(text, StandardCharsets.UTF_8);
            }
        }
        if (limit == ramBytes) {
            throw new GuestFaultException(address, maxBytes);
        }
        return null;
    }
}
