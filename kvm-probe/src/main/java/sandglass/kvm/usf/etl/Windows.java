package sandglass.kvm.usf.etl;

import java.util.ArrayList;
import java.util.List;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.sys.Mapping;
import sandglass.kvm.usf.call.HostServices.Document;
import sandglass.kvm.usf.call.HostServices.EtlException;
import sandglass.kvm.usf.cpu.GuestLayout;
import sandglass.kvm.vm.GuestMemory;
import sandglass.kvm.vm.Vm;

/**
 * The documents that one unikernel has fetched: each is a buffer of the host, made visible in the guest as a memory
 * slot of its own, read-only and no longer than the document's pages.
 */
public final class Windows {

    private static final int PAGE = 4096;
    private static final int MAX_DOCUMENTS = 1000;

    private final Vm vm;
    private final int firstSlot;
    private final GuestMemory memory;
    private final BufferPool pool;
    /** What occupies each slot: a buffer to be given back, or null for memory that somebody else owns. */
    private final List<BufferPool.Buffer> shown = new ArrayList<>();
    private long nextOffset;
    private Mapping pinned;
    private long firstOffset;

    /**
     * No documents yet.
     *
     * @param firstSlot memory slots of the machine from this number on are free
     */
    public Windows(Vm vm, int firstSlot, GuestMemory memory, BufferPool pool) {
        this.vm = vm;
        this.firstSlot = firstSlot;
        this.memory = memory;
        this.pool = pool;
    }

    /** Where buffers come from and go to. */
    BufferPool pool() {
        return pool;
    }

    /**
     * Makes a document visible to the guest, and owns its buffer from now on.
     *
     * @throws EtlException if the window has no room for it; the buffer has then been given back
     */
    synchronized Document show(BufferPool.Buffer buffer, long sizeBytes) throws EtlException {
        if (sizeBytes == 0) {
            pool.give(buffer);
            return new Document(0, 0);
        }
        long slotBytes = slotBytes(sizeBytes);
        if (!hasRoom(slotBytes)) {
            pool.give(buffer);
            throw new EtlException(Errno.ENOSPC, "too many documents for one invocation");
        }
        // What an earlier document left behind the end of this one must not be seen.
        for (long at = sizeBytes; at < slotBytes; at++) {
            buffer.bytes().put((int) at, (byte) 0);
        }
        return new Document(addSlot(buffer, buffer.mapping(), 0, slotBytes, false), sizeBytes);
    }

    /**
     * Makes memory of the host visible to the guest, which stays the host's and may be visible to any number of guests.
     *
     * @param offset    where it starts, page aligned
     * @param sizeBytes positive; the guest sees whole pages
     * @param writable  whether the guest may write to it
     * @throws EtlException if the window has no room for it
     */
    public synchronized Document share(Mapping shared, long offset, long sizeBytes, boolean writable) throws EtlException {
        long slotBytes = slotBytes(sizeBytes);
        if (!hasRoom(slotBytes)) {
            throw new EtlException(Errno.ENOMEM, "too many mapped files for one invocation");
        }
        return new Document(addSlot(null, shared, offset, slotBytes, writable), sizeBytes);
    }

    private static long slotBytes(long sizeBytes) {
        return (sizeBytes + PAGE - 1) / PAGE * PAGE;
    }

    private static long spaceFor(long slotBytes) {
        return (slotBytes + GuestLayout.LARGE_PAGE_BYTES - 1) & -GuestLayout.LARGE_PAGE_BYTES;
    }

    private boolean hasRoom(long slotBytes) {
        return shown.size() < MAX_DOCUMENTS
                && spaceFor(slotBytes) <= GuestLayout.WINDOW_END - GuestLayout.WINDOW_START - nextOffset;
    }

    /** Returns where in the window the slot starts. */
    private long addSlot(BufferPool.Buffer owned, Mapping mapping, long offset, long slotBytes, boolean writable) {
        long guestAddress = GuestLayout.WINDOW_START + nextOffset;
        vm.setMemory(firstSlot + shown.size(), guestAddress, mapping, offset, slotBytes,
                writable ? Vm.SlotAccess.READ_WRITE : Vm.SlotAccess.READ_ONLY);
        shown.add(owned);
        memory.addWindow(guestAddress, mapping.bytes().slice((int) offset, (int) slotBytes), slotBytes, writable);
        nextOffset += spaceFor(slotBytes);
        return guestAddress - GuestLayout.WINDOW_START;
    }

    /**
     * Puts memory of the host at the start of the window, writable, where it stays. Nothing else may be there yet.
     *
     * @throws EtlException if the window has no room for it
     */
    synchronized void pin(Mapping shared) throws EtlException {
        if (!shown.isEmpty()) {
            throw new IllegalStateException("the start of the window is taken");
        }
        share(shared, 0, shared.sizeBytes(), true);
        pinned = shared;
        firstOffset = nextOffset;
    }

    /** Takes all documents away from the guest. */
    public synchronized void clear() {
        for (int last = shown.size() - 1; last >= (pinned == null ? 0 : 1); last--) {
            vm.removeMemory(firstSlot + last);
            giveBack(shown.remove(last));
        }
        memory.clearWindows();
        nextOffset = firstOffset;
        if (pinned != null) {
            memory.addWindow(GuestLayout.WINDOW_START, pinned.bytes(), pinned.sizeBytes(), true);
        }
    }

    /** Gives the buffers back when the machine has been closed: there are no slots any more. */
    public synchronized void abandon() {
        shown.forEach(this::giveBack);
        shown.clear();
    }

    private void giveBack(BufferPool.Buffer owned) {
        if (owned != null) {
            pool.give(owned);
        }
    }
}
