package sandglass.platform;

/**
 * Invocations for which there is neither a sandbox nor room for one, longest waiting first, over all pools and within
 * each.
 */
final class WaitingLine {

    private Invocation first;
    private Invocation last;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    Invocation first() {
        return first;
    }

    void addLast(Invocation invocation, Pool pool) {
        invocation.previous = last;
        invocation.next = null;
        if (last == null) {
            first = invocation;
        } else {
            last.next = invocation;
        }
        last = invocation;
        invocation.nextOfPool = null;
        if (pool.firstWaiting == null) {
            pool.firstWaiting = invocation;
        } else {
            pool.lastWaiting.nextOfPool = invocation;
        }
        pool.lastWaiting = invocation;
        size++;
    }

    /** Puts back one that had been taken from the front and could not be served. */
    void addFirst(Invocation invocation, Pool pool) {
        invocation.next = first;
        invocation.previous = null;
        if (first == null) {
            last = invocation;
        } else {
            first.previous = invocation;
        }
        first = invocation;
        invocation.nextOfPool = pool.firstWaiting;
        if (pool.firstWaiting == null) {
            pool.lastWaiting = invocation;
        }
        pool.firstWaiting = invocation;
        size++;
    }

    /** Removes the one that has waited longest for this pool, and returns it. */
    Invocation remove(Pool pool) {
        Invocation taken = pool.firstWaiting;
        pool.firstWaiting = taken.nextOfPool;
        if (pool.firstWaiting == null) {
            pool.lastWaiting = null;
        }
        if (taken.previous == null) {
            first = taken.next;
        } else {
            taken.previous.next = taken.next;
        }
        if (taken.next == null) {
            last = taken.previous;
        } else {
            taken.next.previous = taken.previous;
        }
        taken.previous = null;
        taken.next = null;
        taken.nextOfPool = null;
        size--;
        return taken;
    }
}
