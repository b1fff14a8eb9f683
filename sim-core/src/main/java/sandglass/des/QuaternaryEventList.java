package sandglass.des;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import umontreal.ssj.simevents.Event;
import umontreal.ssj.simevents.eventlist.EventList;
import umontreal.ssj.util.PrintfFormat;

/**
 * The pending events of an SSJ simulator in a 4-ary heap. Order is that of SSJ's own lists: by time, then priority
 * (smaller first), then the order of scheduling. Adding, taking the first, cancelling and moving cost O(log n), allocate
 * nothing once the arrays have grown, and write to no event but the one they are about.
 *
 * <p>Layout: heap position {@code i} holds a <em>key</em>, the bits of its time (a double that is not negative compares
 * as its bits do), and an <em>order</em>, a sequence number above the 24-bit number of the event's slot. A slot keeps its
 * event from scheduling to removal, and the event keeps its slot's number ({@link Event#setRa}), so moving an entry
 * through the heap moves 16 bytes and no reference. Beyond the heap's end the orders hold the free slots.
 *
 * <p>{@link #removeFirst} leaves the root vacant, because the action that follows mostly schedules something: that event
 * takes the vacancy and sifts down once, where removal and insertion would each have sifted.
 */
public final class QuaternaryEventList implements EventList {

    private static final int SLOT_BITS = 24;
    private static final int MOST_SLOTS = 1 << SLOT_BITS;
    private static final int SLOT_MASK = MOST_SLOTS - 1;
    private static final long MOST_SEQUENCES = 1L << (63 - SLOT_BITS);

    private long[] keys;
    private long[] orders;
    private int[] positions;
    private Event[] events;
    private int size;
    private boolean rootVacant;
    private long nextSequence;
    private long nextEarlySequence = -1;

    public QuaternaryEventList() {
        this(0);
    }

    /** Starts numbering at {@code firstSequence}, for tests of what happens when the numbers run out. */
    QuaternaryEventList(long firstSequence) {
        nextSequence = firstSequence;
        keys = new long[0];
        orders = new long[0];
        positions = new int[0];
        events = new Event[0];
        resize(16);
    }

    /** How many events are pending. */
    public int size() {
        return rootVacant ? size - 1 : size;
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public void clear() {
        Arrays.fill(events, null);
        Arrays.setAll(orders, slot -> slot);
        Arrays.setAll(keys, QuaternaryEventList::emptyKey);
        size = 0;
        rootVacant = false;
    }

    @Override
    public void add(Event ev) {
        insert(ev, key(ev.time()), takeSequence());
    }

    /** {@inheritDoc} The event precedes all others, whatever their priorities. */
    @Override
    public void addFirst(Event ev) {
        fillRoot();
        long key = key(ev.time());
        if (size > 0 && (keys[0] < key || keys[0] == key && events[slot(orders[0])].priority() < ev.priority())) {
            key = keys[0] - 1;
        }
        if (nextEarlySequence == -MOST_SEQUENCES) {
            renumber();
        }
        insert(ev, key, nextEarlySequence--);
    }

    /** {@inheritDoc} Costs O(n): the later events are renumbered. */
    @Override
    public void addBefore(Event ev, Event other) {
        insertBeside(ev, other, 0);
    }

    /** {@inheritDoc} Costs O(n): the later events are renumbered. */
    @Override
    public void addAfter(Event ev, Event other) {
        insertBeside(ev, other, 1);
    }

    private void insertBeside(Event ev, Event other, int offset) {
        if (!contains(other)) {
            throw new IllegalArgumentException("the event to schedule beside is not pending: " + other);
        }
        fillRoot();
        if (nextSequence == MOST_SEQUENCES) {
            renumber();
        }
        int at = positions[other.getRa()];
        long sequence = (orders[at] >> SLOT_BITS) + offset;
        for (int i = 0; i < size; i++) {
            if (orders[i] >> SLOT_BITS >= sequence) {
                orders[i] += MOST_SLOTS;
            }
        }
        nextSequence++;
        insert(ev, keys[at], sequence);
    }

    /**
     * Moves a pending event whose time was changed to its new place, after those due at the same time: what removing
     * and adding it would do, at less than half the cost.
     *
     * @throws IllegalArgumentException if the event is not pending
     */
    public void moved(Event ev) {
        if (!contains(ev)) {
            throw new IllegalArgumentException("the event to move is not pending: " + ev);
        }
        long order = takeSequence() << SLOT_BITS | ev.getRa();
        long key = key(ev.time());
        int at = positions[ev.getRa()];
        if (key < keys[at]) {
            siftUp(at, key, order);
        } else {
            siftDown(at, key, order);
        }
    }

    @Override
    public boolean remove(Event ev) {
        if (!contains(ev)) {
            return false;
        }
        removeAt(positions[ev.getRa()]);
        return true;
    }

    @Override
    public Event removeFirst() {
        fillRoot();
        if (size == 0) {
            return null;
        }
        rootVacant = true;
        keys[0] = Long.MIN_VALUE;
        return events[slot(orders[0])];
    }

    @Override
    public Event getFirst() {
        fillRoot();
        return size == 0 ? null : events[slot(orders[0])];
    }

    @Override
    public Event getFirstOfClass(String cl) {
        for (Event ev : inOrder()) {
            if (ev.getClass().getName().equals(cl)) {
                return ev;
            }
        }
        return null;
    }

    @Override
    public <E extends Event> E getFirstOfClass(Class<E> cl) {
        for (Event ev : inOrder()) {
            if (ev.getClass() == cl) {
                return cl.cast(ev);
            }
        }
        return null;
    }

    @Override
    public Iterator<Event> iterator() {
        return listIterator();
    }

    /** {@inheritDoc} It walks a copy in order of occurrence and cannot change the list. */
    @Override
    public ListIterator<Event> listIterator() {
        return inOrder().listIterator();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Contents of the event list QuaternaryEventList:");
        for (Event ev : inOrder()) {
            text.append(PrintfFormat.NEWLINE).append(PrintfFormat.g(12, 7, ev.time())).append(", ")
                .append(PrintfFormat.g(8, 4, ev.priority())).append(" : ").append(ev);
        }
        return text.toString();
    }

    private List<Event> inOrder() {
        fillRoot();
        Integer[] ranked = new Integer[size];
        Arrays.setAll(ranked, i -> i);
        Arrays.sort(ranked, (i, j) -> i.equals(j) ? 0 : precedes(keys[i], orders[i], keys[j], orders[j]) ? -1 : 1);
        return Arrays.stream(ranked).map(i -> events[slot(orders[i])]).toList();
    }

    private boolean contains(Event ev) {
        int slot = ev.getRa();
        return slot >= 0 && slot < events.length && events[slot] == ev && !(rootVacant && positions[slot] == 0);
    }

    private long takeSequence() {
        if (nextSequence == MOST_SEQUENCES) {
            renumber();
        }
        return nextSequence++;
    }

    /** Numbers the pending events afresh from 0 in their present order, when the sequence numbers have run out. */
    private void renumber() {
        fillRoot();
        long[] sorted = Arrays.copyOf(orders, size);
        Arrays.sort(sorted);
        for (int rank = 0; rank < size; rank++) {
            int slot = slot(sorted[rank]);
            orders[positions[slot]] = (long) rank << SLOT_BITS | slot;
        }
        nextSequence = size;
        nextEarlySequence = -1;
    }

    private void insert(Event ev, long key, long sequence) {
        boolean intoVacancy = rootVacant;
        rootVacant = false;
        if (!intoVacancy && size == events.length) {
            grow();
        }
        int slot = slot(orders[intoVacancy ? 0 : size]);
        if (events[slot] != ev) {
            events[slot] = ev;
        }
        ev.setRa(slot);
        long order = sequence << SLOT_BITS | slot;
        if (intoVacancy) {
            siftDown(0, key, order);
        } else {
            siftUp(size++, key, order);
        }
    }

    /** Closes the vacancy that {@link #removeFirst} left, if nothing was scheduled into it. */
    private void fillRoot() {
        if (rootVacant) {
            rootVacant = false;
            removeAt(0);
        }
    }

    private void removeAt(int at) {
        int slot = slot(orders[at]);
        events[slot] = null;
        int last = --size;
        long key = keys[last];
        long order = orders[last];
        orders[last] = slot;
        keys[last] = emptyKey(last);
        if (at == last) {
            return;
        }
        if (at > 0 && precedes(key, order, keys[parent(at)], orders[parent(at)])) {
            siftUp(at, key, order);
        } else {
            siftDown(at, key, order);
        }
    }

    /** Puts an entry at a vacant position or as far above it as it belongs. */
    private void siftUp(int vacant, long key, long order) {
        int at = vacant;
        while (at > 0) {
            int parent = parent(at);
            long parentKey = keys[parent];
            long parentOrder = orders[parent];
            if (!precedes(key, order, parentKey, parentOrder)) {
                break;
            }
            put(at, parentKey, parentOrder);
            at = parent;
        }
        put(at, key, order);
    }

    /** Puts an entry at a vacant position or as far below it as it belongs. */
    private void siftDown(int vacant, long key, long order) {
        int at = vacant;
        int child = 4 * at + 1;
        while (child < size) {
            int least = leastOfFour(child);
            long leastKey = keys[least];
            long leastOrder = orders[least];
            if (!precedes(leastKey, leastOrder, key, order)) {
                break;
            }
            put(at, leastKey, leastOrder);
            at = least;
            child = 4 * at + 1;
        }
        put(at, key, order);
    }

    /**
     * The first of four siblings. Which of them it is, no processor can guess: sign bits choose instead of branches,
     * which halves the cost of a hold event among 10,000.
     */
    private int leastOfFour(int first) {
        long a = keys[first];
        long b = keys[first + 1];
        long c = keys[first + 2];
        long d = keys[first + 3];
        if (a == b || c == d) {
            return leastOfTied(first);
        }
        long ba = b - a;
        long dc = d - c;
        int left = first + (int) (ba >>> 63);
        int right = first + 2 + (int) (dc >>> 63);
        long difference = c + (dc & dc >> 63) - (a + (ba & ba >> 63));
        if (difference == 0) {
            return leastOfTied(first);
        }
        return left + (right - left & (int) (difference >> 63));
    }

    private int leastOfTied(int first) {
        int least = first;
        long leastKey = keys[first];
        int end = Math.min(first + 4, size);
        for (int other = first + 1; other < end; other++) {
            long otherKey = keys[other];
            if (otherKey < leastKey || otherKey == leastKey && winsTie(orders[other], orders[least])) {
                least = other;
                leastKey = otherKey;
            }
        }
        return least;
    }

    private void put(int at, long key, long order) {
        keys[at] = key;
        orders[at] = order;
        positions[slot(order)] = at;
    }

    private boolean precedes(long key, long order, long otherKey, long otherOrder) {
        return key < otherKey || key == otherKey && winsTie(order, otherOrder);
    }

    private boolean winsTie(long order, long otherOrder) {
        double priority = events[slot(order)].priority();
        double otherPriority = events[slot(otherOrder)].priority();
        return priority < otherPriority || priority == otherPriority && order < otherOrder;
    }

    private static long key(double time) {
        if (!(time >= 0)) {
            throw new IllegalArgumentException("an event's time must not be negative: " + time);
        }
        return Double.doubleToRawLongBits(time + 0.0);
    }

    /** The key of the empty heap position {@code i}: later than any time and unlike its siblings', so never a tie. */
    private static long emptyKey(int i) {
        return Long.MAX_VALUE - (i & 3);
    }

    private static int parent(int at) {
        return (at - 1) >> 2;
    }

    private static int slot(long order) {
        return (int) order & SLOT_MASK;
    }

    private void grow() {
        if (size == MOST_SLOTS) {
            throw new IllegalStateException(size + " events are pending, as many as the event list can hold");
        }
        resize(Math.min(2 * size, MOST_SLOTS));
    }

    private void resize(int capacity) {
        int previous = events.length;
        keys = Arrays.copyOf(keys, capacity + 4);
        orders = Arrays.copyOf(orders, capacity);
        positions = Arrays.copyOf(positions, capacity);
        events = Arrays.copyOf(events, capacity);
        for (int i = previous; i < capacity; i++) {
            orders[i] = i;
        }
        for (int i = size; i < keys.length; i++) {
            keys[i] = emptyKey(i);
        }
    }
}
