package io.memfuse.core.service;

import io.memfuse.core.time.Ticker;

/**
 * A stretch of time in which users are seen; {@link Epochs} ends one and begins the next. Whoever was seen in it was seen at
 * its end at the latest. Thread-safe.
 */
final class Epoch {

    private final Ticker ticker;

    /** Written before {@code over}, and read after it. */
    private long endNanos;

    private volatile boolean over;

    Epoch(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Ends it. Called once, after nobody can find it any more. */
    void end() {
        endNanos = ticker.nanoTime();
        over = true;
    }

    /** Returns the time at which somebody seen in it was seen at the latest: its end, or now. */
    long lastNanos() {
        return over ? endNanos : ticker.nanoTime();
    }
}
