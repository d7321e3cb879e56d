package io.memfuse.core.pool;

import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the engine hands to a provider with each opening. All of it is shared by all pools: a pool starts no scheduler and
 * no long-lived thread of its own. Immutable and thread-safe.
 *
 * @param key the pool that is opened
 * @param listener to be told of connections established, acquired, released and timed out; openings and closings are
 *     reported by the engine itself. The engine's never throws: it has isolated what its user gave it
 * @param loans the adapter says there who counts how often a connection is handed out
 * @param scheduler starts work at its time; the work must not block, and goes to {@code executor} if it might
 * @param executor runs work that may block on the database
 * @param ticker the time
 * @param gate to be passed before each login, one for all pools of a server
 * @param holderTracking whether it is to be known who holds connections; see {@link HolderLog}
 */
public record PoolContext(
        PoolKey<?> key,
        PoolListener listener,
        LoanCounter loans,
        ScheduledExecutorService scheduler,
        Executor executor,
        Ticker ticker,
        ConnectGate gate,
        HolderTracking holderTracking) {

    /** In place of a time: nobody wants to know this one. */
    public static final long UNTIMED = -1;

    public PoolContext {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(loans, "loans");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(ticker, "ticker");
        Objects.requireNonNull(gate, "gate");
        Objects.requireNonNull(holderTracking, "holderTracking");
    }

    /** For a pool of which nobody asks how often it lent. */
    public PoolContext(
            PoolKey<?> key,
            PoolListener listener,
            ScheduledExecutorService scheduler,
            Executor executor,
            Ticker ticker,
            ConnectGate gate,
            HolderTracking holderTracking) {
        this(key, listener, new LoanCounter(), scheduler, executor, ticker, gate, holderTracking);
    }

    /** Without tracking of holders. */
    public PoolContext(
            PoolKey<?> key,
            PoolListener listener,
            ScheduledExecutorService scheduler,
            Executor executor,
            Ticker ticker,
            ConnectGate gate) {
        this(key, listener, scheduler, executor, ticker, gate, HolderTracking.OFF);
    }

    /** For a pool that is opened alone, without a registry: any number of logins at once. */
    public PoolContext(
            PoolKey<?> key,
            PoolListener listener,
            ScheduledExecutorService scheduler,
            Executor executor,
            Ticker ticker) {
        this(
                key,
                listener,
                scheduler,
                executor,
                ticker,
                new ConnectGate(Integer.MAX_VALUE, Duration.ofSeconds(1), scheduler));
    }

    /** Tells whether anybody listens; if not, nothing need be measured. */
    public boolean isListening() {
        return listener != PoolListener.NONE;
    }

    /**
     * Returns the time at which an acquisition begins, or {@link #UNTIMED} if nobody wants to be told of this one. Cheap then: no
     * clock is read.
     */
    public long startTiming() {
        if (!isListening()) {
            return UNTIMED;
        }
        int oneIn = listener.timesOneIn();
        return oneIn == 1 || (ThreadLocalRandom.current().nextInt() & (oneIn - 1)) == 0 ? ticker.nanoTime() : UNTIMED;
    }
}
