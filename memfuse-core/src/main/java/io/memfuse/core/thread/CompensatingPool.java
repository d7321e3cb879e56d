package io.memfuse.core.thread;

import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TransferQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Platform threads for work that may wait for a database which does not answer. Work is begun while fewer than {@code bound}
 * threads are at work; one that has been at the same work for longer than PATIENCE is taken to wait, and does not count, so
 * that it holds up nobody. If it was answered after all, it goes on, beyond {@code bound}, until its work is done; together
 * there are never more than {@code hardBound}. Work is given to a thread that is idle if there is one; threads end when they are idle
 * for long. Thread-safe.
 *
 * <p>Nothing is watched, and no clock ticks, while no work has to wait for a thread.
 *
 * <p>INVARIANT: while work waits, or there may be more threads than {@code bound}, {@code watched} is set and a timer runs,
 * unless the engine has ended. Whoever sets {@code watched} starts the timer; the timer clears it before it looks, and whoever
 * queues work looks at it after that, so that one of the two sees the other.
 */
final class CompensatingPool extends ThreadPoolExecutor {

    /** Longer than a database that answers keeps a thread, and hardly noticed by whoever waits for a thread instead. */
    static final Duration PATIENCE = Duration.ofMillis(100);

    private static final Duration IDLE = Duration.ofSeconds(5);

    /** Where idle threads wait for work, and work for threads. */
    private final TransferQueue<Runnable> idle;

    private final int bound;
    private final int hardBound;
    private final ScheduledExecutorService scheduler;
    private final Ticker ticker;

    /** When each thread that is at work began it. */
    private final Map<Thread, Long> sinceNanos = new ConcurrentHashMap<>();

    private final AtomicBoolean watched = new AtomicBoolean();

    CompensatingPool(String name, int bound, int hardBound, ScheduledExecutorService scheduler, Ticker ticker) {
        this(name, bound, hardBound, scheduler, ticker, new LinkedTransferQueue<>());
    }

    private CompensatingPool(
            String name,
            int bound,
            int hardBound,
            ScheduledExecutorService scheduler,
            Ticker ticker,
            TransferQueue<Runnable> idle) {
        // Core = maximum: grows before it queues. With core time-out: shrinks to nothing when idle.
        super(bound, bound, IDLE.toNanos(), TimeUnit.NANOSECONDS, idle, BlockingExecutors.platformThreads(name));
        allowCoreThreadTimeOut(true);
        this.idle = idle;
        this.bound = bound;
        this.hardBound = hardBound;
        this.scheduler = scheduler;
        this.ticker = ticker;
    }

    @Override
    public void execute(Runnable work) {
        if (idle.tryTransfer(work)) {
            return; // To one that waits for work, if there is one: the base class would start another up to its core.
        }
        super.execute(work);
        if (!getQueue().isEmpty()) {
            watch(Duration.ZERO); // There may be threads that have been waiting for long.
        }
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable work) {
        try {
            sinceNanos.put(thread, ticker.nanoTime());
        } catch (Throwable e) {
            // No memory: it counts as at work for as long as it takes. Thrown, this would lose the work, and who waits
            // for it.
        }
    }

    @Override
    protected void afterExecute(Runnable work, Throwable thrown) {
        sinceNanos.remove(Thread.currentThread());
    }

    private void watch(Duration delay) {
        if (!isShutdown() && watched.compareAndSet(false, true)) {
            try {
                scheduler.schedule(this::compensate, delay.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                watched.set(false); // The engine has ended, or cannot; the work is done when a thread has done its own.
            }
        }
    }

    /** Called by the scheduler, which has one thread. */
    private void compensate() {
        watched.set(false);
        try {
            resize(Math.min(hardBound, bound + waitingThreads()));
            if (!getQueue().isEmpty()) {
                prestartCoreThread(); // None was to be had the last time, maybe.
            }
        } catch (OutOfMemoryError e) {
            // No thread is to be had; the next time, maybe.
        } finally {
            if (!getQueue().isEmpty() || getCorePoolSize() > bound) {
                watch(PATIENCE);
            }
        }
    }

    private int waitingThreads() {
        long nowNanos = ticker.nanoTime();
        return (int) sinceNanos.values().stream()
                .filter(since -> nowNanos - since >= PATIENCE.toNanos())
                .count();
    }

    private void resize(int threads) {
        // The core is never larger than the maximum, not even in between.
        if (threads >= getCorePoolSize()) {
            setMaximumPoolSize(threads);
            setCorePoolSize(threads); // Starts threads for what waits.
        } else {
            setCorePoolSize(threads);
            setMaximumPoolSize(threads);
        }
    }
}
