package io.memfuse.core.testing;

import io.memfuse.core.time.Ticker;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Time that passes so many times as fast: a ticker, and a scheduler to which a delay is that much shorter. What it does again and
 * again it does as often as it was told: HikariCP would take it for a clock that was set back. Thread-safe.
 */
final class HurriedTime extends AbstractExecutorService implements ScheduledExecutorService, Ticker {

    static final int FACTOR = 10;

    private final ScheduledExecutorService scheduler;
    private final long startNanos = System.nanoTime();

    /** @param scheduler does the work */
    HurriedTime(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public long nanoTime() {
        return startNanos + (System.nanoTime() - startNanos) * FACTOR;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return scheduler.schedule(command, unit.toNanos(delay) / FACTOR, TimeUnit.NANOSECONDS);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return scheduler.schedule(callable, unit.toNanos(delay) / FACTOR, TimeUnit.NANOSECONDS);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return scheduler.scheduleAtFixedRate(command, initialDelay, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return scheduler.scheduleWithFixedDelay(command, initialDelay, delay, unit);
    }

    @Override
    public void execute(Runnable command) {
        scheduler.execute(command);
    }

    @Override
    public void shutdown() {
        throw new UnsupportedOperationException("not the pool's to end");
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw new UnsupportedOperationException("not the pool's to end");
    }

    @Override
    public boolean isShutdown() {
        return scheduler.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return scheduler.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return scheduler.awaitTermination(timeout, unit);
    }
}
