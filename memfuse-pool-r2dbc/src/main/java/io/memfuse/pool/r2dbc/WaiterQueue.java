package io.memfuse.pool.r2dbc;

import org.jspecify.annotations.Nullable;

/**
 * The borrowers that wait for a connection, who came first before who came later. Who comes from a pool that drains has
 * waited already, and goes before those who came after it. Taking out is O(1) from anywhere. Confined to the pool's steps.
 */
final class WaiterQueue {

    private @Nullable Waiter first;
    private @Nullable Waiter last;
    private int size;

    int size() {
        return size;
    }

    @Nullable Waiter first() {
        return first;
    }

    void add(Waiter waiter) {
        // Those who waited for one future come newest first: each is older than all in here.
        Waiter oldest = first;
        Waiter before = oldest != null && oldest.startNanos() - waiter.startNanos() > 0 ? null : last;
        while (before != null && before.startNanos() - waiter.startNanos() > 0) {
            before = before.previous;
        }
        Waiter after = before == null ? first : before.next;
        link(before, waiter);
        link(waiter, after);
        waiter.queue = this;
        size++;
    }

    /** Takes one out, if it is in here. */
    void remove(Waiter waiter) {
        if (waiter.queue == this) {
            link(waiter.previous, waiter.next);
            waiter.previous = null;
            waiter.next = null;
            waiter.queue = null;
            size--;
        }
    }

    private void link(@Nullable Waiter one, @Nullable Waiter other) {
        if (one == null) {
            first = other;
        } else {
            one.next = other;
        }
        if (other == null) {
            last = one;
        } else {
            other.previous = one;
        }
    }
}
