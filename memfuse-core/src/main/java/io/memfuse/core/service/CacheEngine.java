package io.memfuse.core.service;

import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What the services of all users share. */
record CacheEngine(
        ServiceKinds kinds,
        ServiceResources resources,
        EngineThreads threads,
        Ticker ticker,
        Epochs epochs,
        Duration loadTimeout,
        Counters counters) {

    /** Runs {@code giveUp} when the load timeout is up, unless the future is complete by then. */
    void failLater(CompletableFuture<?> future, Runnable giveUp) {
        try {
            ScheduledFuture<?> timer = threads.scheduler()
                    .schedule(
                            () -> tellCallers(giveUp), TimeUnit.NANOSECONDS.convert(loadTimeout), TimeUnit.NANOSECONDS);
            future.whenComplete((value, failure) -> timer.cancel(false));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            giveUp.run(); // The engine has ended, or has no thread that would watch over it.
        }
    }

    /** Runs what completes futures of callers: what follows is the user's code. */
    void tellCallers(Runnable completion) {
        try {
            threads.callbacks().execute(completion);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            completion.run(); // Nobody else would, and they would wait for ever.
        }
    }

    /** What the cache counts. Thread-safe. */
    static final class Counters {
        final LongAdder hits = new LongAdder();
        final LongAdder misses = new LongAdder();
        final LongAdder loads = new LongAdder();
        final LongAdder failures = new LongAdder();
        final LongAdder evictions = new LongAdder();
        final LongAdder loadNanos = new LongAdder();
    }
}
