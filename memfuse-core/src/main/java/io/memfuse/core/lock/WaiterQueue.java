package io.memfuse.core.lock;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Waiters of one kind, first in, first out; each can leave from the middle in constant time. Guarded by the lock's mutex. */
final class WaiterQueue {

    private @Nullable Waiter head;
    private @Nullable Waiter tail;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return head == null;
    }

    void add(Waiter waiter) {
        waiter.previous = tail;
        if (tail == null) {
            head = waiter;
        } else {
            tail.next = waiter;
        }
        tail = waiter;
        waiter.queued = true;
        size++;
    }

    /** Takes the first out. Only called when there is one. */
    Waiter poll() {
        Waiter first = Objects.requireNonNull(head);
        remove(first);
        return first;
    }

    /** Takes a waiter out, wherever it stands; false if it is not in the queue any more. */
    boolean remove(Waiter waiter) {
        if (!waiter.queued) {
            return false;
        }
        if (waiter.previous == null) {
            head = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            tail = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.queued = false;
        size--;
        return true;
    }
}
