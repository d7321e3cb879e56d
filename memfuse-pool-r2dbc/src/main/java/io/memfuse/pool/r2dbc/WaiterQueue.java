package io.memfuse.pool.r2dbc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The borrowers that wait for a connection, who came first before who came later. Who comes from a pool that drains has
 * waited already, and goes before those who came after it. Taking out is O(1) from anywhere. Confined to the pool's steps, but
 * for {@link #oldestAge}.
 */
final class WaiterQueue {

    private static final VarHandle FIRST;

    static {
        try {
            FIRST = MethodHandles.lookup().findVarHandle(WaiterQueue.class, "first", Waiter.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Written with release, so that who reads it elsewhere sees when that one began to wait. */
    private @Nullable Waiter first;

    private @Nullable Waiter last;
    private int size;

    int size() {
        return size;
    }

    @Nullable Waiter first() {
        return first;
    }

    /** Returns how long the first has waited, zero if nobody waits. From any thread. */
    Duration oldestAge(long nowNanos) {
        var oldest = (@Nullable Waiter) FIRST.getAcquire(this);
        return oldest == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, nowNanos - oldest.startNanos()));
    }

    @Nullable Waiter last() {
        return last;
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
            FIRST.setRelease(this, other);
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
