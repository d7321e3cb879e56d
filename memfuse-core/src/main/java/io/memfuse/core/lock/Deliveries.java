package io.memfuse.core.lock;

import org.jspecify.annotations.Nullable;

/**
 * Hands grants to their waiters, on the thread that made them possible. What a waiter registered to run may release the lock
 * again and so grant it to the next, which is told at once, inside that release: but only so deep. Beyond, grants are told by
 * the deepest call in turn, so that a million waiters need no more stack than a few. One for each thread.
 */
final class Deliveries {

    private static final int DEEPEST = 16;

    private static final ThreadLocal<@Nullable Deliveries> UNDER_WAY = new ThreadLocal<>();

    // Chained by Waiter.next, for a queue that has to grow may find no memory, and lose whom it has.
    private @Nullable Waiter firstBeyond;
    private @Nullable Waiter lastBeyond;
    private int depth;

    private Deliveries() {}

    /**
     * Tells those whose grant runs no foreign code: the threads that park, and {@code own}. Returns what telling one threw; who
     * was not told for that is told with the rest.
     */
    static @Nullable Throwable tellParked(@Nullable Waiter granted, @Nullable Waiter own) {
        Throwable failure = null;
        for (Waiter waiter = granted; waiter != null; waiter = waiter.next) {
            if (waiter.parks || waiter == own) {
                try {
                    grant(waiter);
                } catch (RuntimeException | Error e) {
                    failure = failure == null ? e : failure;
                }
            }
        }
        return failure;
    }

    /** Tells those that are not told yet, and then throws {@code failure}, or what telling one threw. */
    static void tellRest(@Nullable Waiter granted, @Nullable Throwable failure) {
        Throwable first = failure;
        Waiter waiter = granted;
        while (waiter != null) {
            Waiter next = waiter.next;
            waiter.next = null;
            try {
                if (!waiter.isDone()) {
                    deliver(waiter);
                }
            } catch (RuntimeException | Error e) {
                first = first == null ? e : first;
            }
            waiter = next;
        }
        if (first instanceof Error error) {
            throw error;
        } else if (first instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Hands over one grant, whatever it throws: without memory or stack to keep the order, out of turn. */
    static void deliver(Waiter granted) {
        Deliveries deliveries;
        try {
            deliveries = underWay();
        } catch (RuntimeException | Error e) {
            grant(granted);
            throw e;
        }
        deliveries.add(granted);
    }

    private static Deliveries underWay() {
        Deliveries deliveries = UNDER_WAY.get();
        if (deliveries == null) {
            deliveries = new Deliveries();
            UNDER_WAY.set(deliveries);
        }
        return deliveries;
    }

    /** Grants, and if that throws, once more: a grant that is not told is a lock that nobody releases. */
    static void grant(Waiter granted) {
        try {
            granted.grant();
        } catch (RuntimeException | Error e) {
            granted.grant();
            throw e;
        }
    }

    private void add(Waiter granted) {
        if (depth == DEEPEST) {
            put(granted);
            return;
        }
        depth++;
        try {
            grant(granted);
            while (depth == DEEPEST && firstBeyond != null) {
                grant(take(firstBeyond));
            }
        } finally {
            depth--;
            if (depth == 0) {
                UNDER_WAY.remove();
                deliverRest();
            }
        }
    }

    private void put(Waiter granted) {
        if (lastBeyond == null) {
            firstBeyond = granted;
        } else {
            lastBeyond.next = granted;
        }
        lastBeyond = granted;
    }

    private Waiter take(Waiter first) {
        firstBeyond = first.next;
        if (firstBeyond == null) {
            lastBeyond = null;
        }
        first.next = null;
        return first;
    }

    /** Only an Error leaves something; it must not take the grants of others with it. */
    private void deliverRest() {
        while (firstBeyond != null) {
            Waiter rest = take(firstBeyond);
            try {
                deliver(rest);
            } catch (RuntimeException | Error e) {
                // The first one is on its way to whoever released.
            }
        }
    }
}
