package io.memfuse.core.lock;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Hands grants to their waiters, on the thread that made them possible. What a waiter registered to run may release the
 * lock again and so grant it to the next: such nested grants are delivered in turn by the outermost call, so that a million
 * waiters need no more stack than one.
 */
final class Deliveries {

    private static final ThreadLocal<@Nullable ArrayDeque<Waiter>> UNDER_WAY = new ThreadLocal<>();

    private Deliveries() {}

    static void deliver(Waiter granted) {
        ArrayDeque<Waiter> outer = UNDER_WAY.get();
        if (outer != null) {
            outer.add(granted);
            return;
        }
        var pending = new ArrayDeque<Waiter>();
        UNDER_WAY.set(pending);
        try {
            for (Waiter next = granted; next != null; next = pending.poll()) {
                next.grant();
            }
        } finally {
            UNDER_WAY.remove();
            // Only an Error gets here with something left; it must not take the grants of others with it.
            pending.forEach(Deliveries::deliver);
        }
    }
}
