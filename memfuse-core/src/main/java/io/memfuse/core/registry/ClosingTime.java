package io.memfuse.core.registry;

import io.memfuse.core.time.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How long the pools of a registry may take to be closed: each has a time of its own, and once the registry closes none has
 * more than that. A pool may be waiting for its borrowers by then, in the provider's code, with the time that it was given. An
 * interrupt ends this waiting and not the closing: so {@link io.memfuse.core.pool.PoolHandle#close} has it. Thread-safe.
 */
final class ClosingTime {

    private final ReentrantLock lock = new ReentrantLock();

    /** When all is to be over; null until the registry closes. Guarded by {@code lock}. */
    private @Nullable Deadline end;

    /**
     * Who closes a pool and was told of no end but its own. Guarded by {@code lock}.
     *
     * <p>INVARIANT: a thread is among them only while it is in the provider's code; whoever interrupts it takes it out, and
     * the thread then puts the interrupt away. So it reaches nothing else that the thread does.
     */
    private final Map<Thread, Deadline> closers = new HashMap<>();

    /** Has a pool closed, on this thread, in its own time or in what the registry has left, whichever is less. */
    <T> T close(Deadline own, Function<Duration, T> closing) {
        Thread closer = Thread.currentThread();
        Duration left = enter(closer, own);
        if (left != null) {
            Duration time = own.remaining();
            return closing.apply(left.compareTo(time) < 0 ? left : time);
        }
        try {
            return closing.apply(own.remaining());
        } finally {
            leave(closer);
        }
    }

    /** Returns what the registry has left; null if it is not being closed, and then it may interrupt this thread. */
    private @Nullable Duration enter(Thread closer, Deadline own) {
        lock.lock();
        try {
            if (end == null) {
                closers.put(closer, own);
                return null;
            }
            return end.remaining();
        } finally {
            lock.unlock();
        }
    }

    private void leave(Thread closer) {
        lock.lock();
        try {
            if (closers.remove(closer) == null) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The registry closes: who begins to close a pool from now on has until then. */
    void endAt(Deadline closingEnd) {
        lock.lock();
        try {
            end = closingEnd;
        } finally {
            lock.unlock();
        }
    }

    /** That time is up: interrupts who was told of a later one, and leaves alone who is cutting off already. */
    void isUp() {
        lock.lock();
        try {
            closers.entrySet().removeIf(closer -> {
                boolean waits = !closer.getValue().hasPassed();
                if (waits) {
                    closer.getKey().interrupt();
                }
                return waits;
            });
        } finally {
            lock.unlock();
        }
    }
}
