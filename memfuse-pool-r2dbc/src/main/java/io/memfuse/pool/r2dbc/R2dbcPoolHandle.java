package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.time.Deadline;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One open pool, for the registry. Thread-safe. */
final class R2dbcPoolHandle implements PoolHandle<ConnectionFactory> {

    private final PoolCore core;
    private final PoolLimits limits;
    private final PooledConnectionFactory resource;

    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<DrainReport> report = new CompletableFuture<>();

    R2dbcPoolHandle(PoolCore core, PoolLimits limits) {
        this.core = core;
        this.limits = limits;
        this.resource = new PooledConnectionFactory(core);
    }

    @Override
    public ConnectionFactory resource() {
        return resource;
    }

    @Override
    public PoolStats stats() {
        return core.stats();
    }

    @Override
    public void warmUp(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout, core.context().ticker());
        var warm = new CompletableFuture<@Nullable Void>();
        core.tell(() -> core.supply().warm(warm));
        try {
            warm.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw PoolTimeoutException.notWarm(core.key(), deadline.elapsed(), stats(), core.lastFailure());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PoolException failure) {
                throw failure;
            }
            throw new IllegalStateException(core.key() + ": cannot be warmed", e);
        }
    }

    @Override
    public void resize(int minSize, int maxSize) {
        PoolLimits resized = limits.withSizes(minSize, maxSize);
        core.tell(() -> {
            core.members().resize(resized.minSize(), resized.maxSize());
            core.changed();
        });
    }

    @Override
    public void setTimeout(Duration timeout) {
        R2dbcPoolProvider.check(limits.withTimeout(timeout));
        core.tell(() -> core.setTimeout(timeout));
    }

    @Override
    public void probe(Duration timeout) throws InterruptedException {
        core.probe().run(timeout);
    }

    @Override
    public void evictIdle() {
        core.tell(() -> core.members().retireIdle(core.members().minSize()));
    }

    @Override
    public void softEvict() {
        core.tell(() -> {
            core.members().nextGeneration();
            core.changed();
        });
    }

    @Override
    public DrainReport close(Duration drainTimeout) {
        if (closing.compareAndSet(false, true)) {
            run(drainTimeout);
        }
        // INVARIANT: the first caller completes it whatever happens, and each of its waits has a deadline.
        return report.join();
    }

    private void run(Duration drainTimeout) {
        try {
            report.complete(new PoolDrain(core).run(drainTimeout));
        } catch (RuntimeException | Error e) {
            report.completeExceptionally(e);
            throw e;
        }
    }
}
