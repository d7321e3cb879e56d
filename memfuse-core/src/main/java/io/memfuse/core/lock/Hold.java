package io.memfuse.core.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A hold; knows whether it was released. It is made before it is granted, so that nothing is left to be allocated, and
 * nothing to fail, once the lock is taken. {@code stripe} and {@code sinceNanos} are written by whoever grants it, before it
 * reaches its owner.
 */
final class Hold implements LockHold {

    private static final VarHandle RELEASED;

    static {
        try {
            RELEASED = MethodHandles.lookup().findVarHandle(Hold.class, "released", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AsyncReadWriteLock lock;
    private final Mode mode;

    /** Where a reader is counted. */
    int stripe = ReaderStripes.NONE;

    /** When a writer was granted the lock. */
    long sinceNanos;

    @SuppressWarnings("unused") // by RELEASED
    private volatile boolean released;

    Hold(AsyncReadWriteLock lock, Mode mode) {
        this.lock = lock;
        this.mode = mode;
    }

    @Override
    public Mode mode() {
        return mode;
    }

    @Override
    public void close() {
        if (!RELEASED.compareAndSet(this, false, true)) {
            throw new IllegalStateException("[MemFuse/LockReleasedTwice] " + this + " was released before");
        }
        lock.release(this);
    }

    @Override
    public String toString() {
        return mode + " hold " + Integer.toHexString(System.identityHashCode(this)) + " of lock '" + lock.name() + "'";
    }
}
