package io.memfuse.core.registry;

/**
 * When a pool was used last, as {@link IdlePools} finds out: users of a pool leave a mark, and the sweep that finds it reads
 * the clock for them. Not thread-safe: for the sweep, which runs once at a time; each run sees what the one before wrote through
 * {@link PoolSweep}'s counter, and the opening through the state of the slot.
 */
final class Recency {

    private final long openedNanos;
    private long lastUseNanos;
    private boolean used;

    Recency(long openedNanos) {
        this.openedNanos = openedNanos;
        this.lastUseNanos = openedNanos;
    }

    /** Takes note that it was in use at {@code nowNanos}. */
    void usedAt(long nowNanos) {
        lastUseNanos = nowNanos;
        used = true;
    }

    /** Returns how long nobody has used it. */
    long idleNanos(long nowNanos) {
        return nowNanos - lastUseNanos;
    }

    /** Returns how long it has been open. */
    long ageNanos(long nowNanos) {
        return nowNanos - openedNanos;
    }

    /** Tells whether it is open for less than {@code graceNanos}, and whoever had it opened may be on the way to it. */
    boolean isAwaited(long nowNanos, long graceNanos) {
        return !used && ageNanos(nowNanos) < graceNanos;
    }
}
