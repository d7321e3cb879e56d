package io.memfuse.core.registry;

import io.memfuse.core.pool.HolderTracking;
import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all slots of a registry share. */
record RegistryEngine(
        EngineThreads threads,
        PoolListener listener,
        Ticker ticker,
        Backoff backoff,
        Duration drainTimeout,
        HolderTracking holderTracking,
        ConnectGates gates) {

    RegistryEngine(
            EngineThreads threads,
            PoolListener listener,
            Ticker ticker,
            Backoff backoff,
            Duration drainTimeout,
            HolderTracking holderTracking) {
        this(threads, listener, ticker, backoff, drainTimeout, holderTracking, new ConnectGates(threads.scheduler()));
    }

    /** @param loans of the opening that this is for */
    PoolContext contextFor(PoolKey<?> key, LoanCounter loans) {
        return new PoolContext(
                key,
                listener.forPool(key, loans),
                loans,
                threads.scheduler(),
                threads.openers(),
                ticker,
                gates.of(key),
                holderTracking);
    }

    /** Returns the time that went by since a reading of the clock. */
    Duration since(long startNanos) {
        return Duration.ofNanos(ticker.nanoTime() - startNanos);
    }

    /** Completes the future when the time is up, unless it is complete by then. */
    void scheduleCompletion(CompletableFuture<@Nullable Void> future, Deadline deadline) {
        if (deadline.hasPassed()) {
            future.complete(null);
            return;
        }
        try {
            cancelWhenDone(future, () -> future.complete(null), deadline);
        } catch (RejectedExecutionException e) {
            future.complete(null); // The engine has ended: there is no time left to wait.
        }
    }

    /** Fails the future when the time is up, unless it is complete by then; on an executor, for user code may follow. */
    void scheduleTimeout(CompletableFuture<?> future, Deadline deadline, Supplier<? extends Throwable> failure) {
        if (future.isDone()) {
            return;
        }
        Runnable fail = () -> future.completeExceptionally(failure.get());
        try {
            cancelWhenDone(future, () -> runOnCallback(fail), deadline);
        } catch (RejectedExecutionException e) {
            fail.run(); // The engine has ended: nobody is going to complete it.
        }
    }

    private void cancelWhenDone(CompletableFuture<?> future, Runnable task, Deadline deadline) {
        ScheduledFuture<?> timer = threads.scheduler().schedule(task, deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        future.whenComplete((value, failure) -> timer.cancel(false));
    }

    /** Returns what completes as the stage does, but on the executor for callbacks: user code may follow. */
    <T> CompletableFuture<T> forCaller(CompletableFuture<T> stage) {
        if (stage.isDone()) {
            return stage;
        }
        var told = new CompletableFuture<T>();
        stage.whenComplete((value, failure) -> runOnCallback(() -> {
            if (failure == null) {
                told.complete(value);
            } else {
                told.completeExceptionally(failure);
            }
        }));
        return told;
    }

    /** Tells callers that there is nothing more to wait for. */
    void runOnCallback(Runnable work) {
        handover().run(threads.callbacks(), work);
    }

    /** Runs work that may wait for an opening. */
    void runOnLoader(Runnable work) {
        handover().run(threads.loaders(), work);
    }

    /** Runs work that closes something. */
    void runOnCloser(Runnable work) {
        handover().run(threads.closers(), work);
    }

    private Handover handover() {
        return new Handover(threads.scheduler());
    }
}
