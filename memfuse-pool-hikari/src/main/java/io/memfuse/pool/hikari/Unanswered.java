package io.memfuse.pool.hikari;

import java.time.Duration;

/** For how long the server has answered no login, though there was one under way all the time. Thread-safe. */
final class Unanswered {

    /** Guarded by this. */
    private int underWay;

    /** Guarded by this. */
    private long sinceNanos;

    synchronized void began(long nowNanos) {
        if (underWay++ == 0) {
            sinceNanos = nowNanos;
        }
    }

    /** One was answered, or given up. */
    synchronized void ended(long nowNanos) {
        underWay--;
        sinceNanos = nowNanos;
    }

    /** Returns zero if none is under way. */
    synchronized Duration since(long nowNanos) {
        return underWay == 0 ? Duration.ZERO : Duration.ofNanos(nowNanos - sinceNanos);
    }
}
