package io.memfuse.pool.hikari;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The pools of which HikariCP remembers connections for one thread. HikariCP keeps what a thread gave back in a list of that
 * thread, where the thread looks first, and never takes it out when the pool is closed; from such a connection all of its
 * pool is reached, and from the pool the list. So a thread that gives a connection back has those pools forgotten that
 * were closed meanwhile. What a thread remembers that gives nothing back any more does not grow.
 *
 * <p>Confined to its thread, but for {@link #closedPools()} and {@link #aPoolWasClosed()}.
 */
final class ThreadMemory {

    private static final ThreadLocal<ThreadMemory> OF_THREAD = ThreadLocal.withInitial(ThreadMemory::new);

    /** How many pools were closed, in all of the JVM. */
    private static final AtomicInteger CLOSED = new AtomicInteger();

    /** One in so many that a thread remembers may be a closed one, so that who uses many pools need not look at all each time. */
    private static final int ONE_IN = 8;

    private final Set<RunningPool> pools = Collections.newSetFromMap(new IdentityHashMap<>());
    private int closedWhenLooked = CLOSED.get();

    private ThreadMemory() {}

    /** Returns how many pools were closed until now; it wraps around. */
    static int closedPools() {
        return CLOSED.get();
    }

    /** This thread gives back a connection of the pool. */
    static void gaveBack(RunningPool pool) {
        OF_THREAD.get().remember(pool);
    }

    /** A pool is closed from now on, which says so by then. */
    static void aPoolWasClosed() {
        CLOSED.incrementAndGet();
    }

    private void remember(RunningPool pool) {
        pools.add(pool);
        int closed = CLOSED.get();
        if (closed - closedWhenLooked > pools.size() / ONE_IN) {
            // INVARIANT: it is read before looking, so that a pool that closes meanwhile is looked at the next time.
            closedWhenLooked = closed;
            // Of this pool there is a connection in a moment, though it may be closed by now.
            pools.removeIf(other -> other != pool && other.forgetIfClosed());
        }
    }
}
