package io.memfuse.core.time;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The moment at which a caller gives up, carried through the steps of one wait so that together they take no longer than
 * what the caller asked for. Immutable and thread-safe.
 */
public final class Deadline {

    private final Ticker ticker;
    private final long startNanos;
    private final long timeoutNanos;

    private Deadline(Ticker ticker, long timeoutNanos) {
        this.ticker = ticker;
        this.startNanos = ticker.nanoTime();
        this.timeoutNanos = timeoutNanos;
    }

    /** Returns the deadline that lies {@code timeout} after now; a negative timeout counts as zero. */
    public static Deadline after(Duration timeout, Ticker ticker) {
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(ticker, "ticker");
        return new Deadline(ticker, Math.max(0, TimeUnit.NANOSECONDS.convert(timeout)));
    }

    /** Returns the time that is left, zero once it has passed; never negative. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** Returns the nanoseconds that are left, zero once it has passed; never negative. */
    public long remainingNanos() {
        return Math.max(0, timeoutNanos - (ticker.nanoTime() - startNanos));
    }

    /** Tells whether no time is left. */
    public boolean hasPassed() {
        return remainingNanos() == 0;
    }

    /** Returns the time that went by since the deadline was set. */
    public Duration elapsed() {
        return Duration.ofNanos(ticker.nanoTime() - startNanos);
    }
}
