package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Keeps one pool from being closed, up to the drain deadline of whoever wants to close it. Thread-safe; may be closed by
 * another thread; closing it again does nothing. Callers that hold a durable resource need none.
 *
 * @param <R> what callers use of the pool
 */
public final class PoolLease<R> implements AutoCloseable {

    private static final VarHandle CLOSED;

    static {
        try {
            CLOSED = MethodHandles.lookup().findVarHandle(PoolLease.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final OpenPool<R> pool;

    /** Set once, by CLOSED. */
    private volatile boolean closed;

    PoolLease(OpenPool<R> pool) {
        this.pool = pool;
    }

    /** Returns the pool that is leased, whether or not the lease is closed. */
    OpenPool<R> pool() {
        return pool;
    }

    /** Returns the key of the pool. */
    public PoolKey<R> key() {
        return pool.key();
    }

    /**
     * Returns what callers use of the pool.
     *
     * @throws IllegalStateException if the lease is closed
     */
    public R resource() {
        if (closed) {
            throw new IllegalStateException(
                    "[MemFuse/LeaseClosed] " + key() + ": this lease was given back; take another");
        }
        return pool.resource();
    }

    /** Gives the lease back. */
    @Override
    public void close() {
        if (CLOSED.compareAndSet(this, false, true)) {
            pool.endLease();
        }
    }

    @Override
    public String toString() {
        return "lease of " + key() + (closed ? " (closed)" : "");
    }
}
