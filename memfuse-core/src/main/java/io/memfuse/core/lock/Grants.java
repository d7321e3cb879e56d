package io.memfuse.core.lock;

import io.memfuse.core.time.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The waiters that one step granted the lock, in order. Filled under the lock's mutex, delivered after it by the same thread;
 * not thread-safe. They are chained through the waiters themselves, which are out of their queue.
 */
final class Grants {

    private @Nullable Waiter first;
    private @Nullable Waiter last;

    void add(Waiter waiter) {
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
    }

    /**
     * Tells them.
     *
     * @param own the waiter of this very call: nobody else has seen it yet, and the caller may be about to park on it
     */
    void deliver(Ticker ticker, TimesRecorder waits, @Nullable Waiter own) {
        if (first == null) {
            return;
        }
        long nowNanos = ticker.nanoTime();
        Waiter waiter = first;
        while (waiter != null) {
            Waiter next = waiter.next; // Read before its owner goes on.
            waiter.next = null;
            waits.record(nowNanos - waiter.sinceNanos);
            waiter.hold.sinceNanos = nowNanos;
            if (waiter.parks || waiter == own) {
                waiter.grant();
            } else {
                Deliveries.deliver(waiter);
            }
            waiter = next;
        }
    }
}
