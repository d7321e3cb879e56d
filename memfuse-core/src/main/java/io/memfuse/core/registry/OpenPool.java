package io.memfuse.core.registry;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One opened pool and the leases that keep it from being closed.
 *
 * <p>INVARIANT: {@code leases} holds the number of leases, and DRAINING from the moment the pool drains. A lease is added by
 * a compare-and-set from a number without DRAINING; {@code unleased} is completed by whoever brings the number to DRAINING
 * and nothing else. So the pool is closed once, after the last lease, and no lease is given after that.
 */
final class OpenPool<R> {

    private static final Logger LOG = LoggerFactory.getLogger(OpenPool.class);

    private static final int DRAINING = Integer.MIN_VALUE;

    private final PoolKey<R> key;
    private final PoolHandle<R> handle;
    private final R resource;
    private final AtomicInteger leases = new AtomicInteger();
    private final CompletableFuture<@Nullable Void> unleased = new CompletableFuture<>();

    OpenPool(PoolKey<R> key, PoolHandle<R> handle) {
        this.key = key;
        this.handle = handle;
        this.resource = handle.resource();
    }

    PoolKey<R> key() {
        return key;
    }

    R resource() {
        return resource;
    }

    PoolHandle<R> handle() {
        return handle;
    }

    PoolStats stats() {
        try {
            return handle.stats();
        } catch (Throwable e) {
            LOG.debug("{}: the pool cannot tell its numbers", key, e);
            return PoolStats.NONE; // Theirs alone: the other pools have numbers.
        }
    }

    int leases() {
        return leases.get() & ~DRAINING;
    }

    /** Returns a lease, or null if the pool drains. */
    @Nullable PoolLease<R> tryLease() {
        for (int n = leases.get(); n >= 0; n = leases.get()) {
            if (leases.compareAndSet(n, n + 1)) {
                return new PoolLease<>(this);
            }
        }
        return null;
    }

    void endLease() {
        if (leases.decrementAndGet() == DRAINING) {
            unleased.complete(null);
        }
    }

    /** Gives no lease from now on; returns what completes when the last one has come back. Called once. */
    CompletableFuture<@Nullable Void> drain() {
        if (leases.getAndUpdate(n -> n | DRAINING) == 0) {
            unleased.complete(null);
        }
        return unleased;
    }

    /** Closes the pool behind it. Blocks. */
    DrainReport close(Duration drainTimeout) {
        return handle.close(drainTimeout);
    }
}
