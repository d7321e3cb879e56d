package io.memfuse.core.lock;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Hands grants to their waiters, on the thread that made them possible. What a waiter registered to run may release the lock
 * again and so grant it to the next, which is told at once, inside that release: but only so deep. Beyond, grants are told by
 * the deepest call in turn, so that a million waiters need no more stack than a few. One for each thread.
 */
final class Deliveries {

    private static final int DEEPEST = 16;

    private static final ThreadLocal<@Nullable Deliveries> UNDER_WAY = new ThreadLocal<>();

    private final Queue<Waiter> beyond = new ArrayDeque<>();
    private int depth;

    private Deliveries() {}

    static void deliver(Waiter granted) {
        Deliveries deliveries = UNDER_WAY.get();
        if (deliveries == null) {
            deliveries = new Deliveries();
            UNDER_WAY.set(deliveries);
        }
        deliveries.add(granted);
    }

    private void add(Waiter granted) {
        if (depth == DEEPEST) {
            beyond.add(granted);
            return;
        }
        depth++;
        try {
            granted.grant();
            while (depth == DEEPEST && !beyond.isEmpty()) {
                beyond.remove().grant();
            }
        } finally {
            depth--;
            if (depth == 0) {
                UNDER_WAY.remove();
                // Only an Error gets here with something left; it must not take the grants of others with it.
                beyond.forEach(Deliveries::deliver);
            }
        }
    }
}
