package io.memfuse.core.registry;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One opened pool and the leases that keep it from being closed. Thread-safe.
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
    private final LoanCounter loans;
    private final AtomicInteger leases = new AtomicInteger();
    private final CompletableFuture<@Nullable Void> unleased = new CompletableFuture<>();
    private final CompletableFuture<DrainReport> closed = new CompletableFuture<>();
    private final Recency recency;

    OpenPool(PoolKey<R> key, PoolHandle<R> handle, LoanCounter loans, long openedNanos) {
        this.key = key;
        this.handle = handle;
        this.resource = Objects.requireNonNull(handle.resource(), "the provider's pool has no resource");
        this.loans = loans;
        this.recency = new Recency(openedNanos);
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

    /** Returns how often it lent; to be ended when it is closed. */
    LoanCounter loans() {
        return loans;
    }

    /** Returns when it was used last, as the sweep knows it. */
    Recency recency() {
        return recency;
    }

    /** Returns what completes when it is closed, by whoever drains it. */
    CompletableFuture<DrainReport> closed() {
        return closed;
    }

    /** Asks the provider's code, which may not answer: for {@link PoolNumbers}. */
    PoolStats stats() {
        try {
            return Objects.requireNonNull(handle.stats(), "the pool returned no numbers");
        } catch (Throwable e) {
            LOG.debug("{}: the pool cannot tell its numbers: {}", key, Failures.describe(e));
            return PoolStats.NONE; // Theirs alone: the other pools have numbers.
        }
    }

    /**
     * Tells whether somebody has a lease or a connection, or waits for one.
     *
     * @param stats its numbers; null if it does not tell them, and then it may be in use
     */
    boolean isInUse(@Nullable PoolStats stats) {
        return leases() > 0 || stats == null || stats.active() > 0 || stats.waiting() > 0;
    }

    int leases() {
        return leases.get() & ~DRAINING;
    }

    /** Returns a lease, or null if the pool drains. */
    @Nullable PoolLease<R> tryLease() {
        int n = leases.get();
        if (n < 0) {
            return null;
        }
        var lease = new PoolLease<>(this); // Before it counts: without memory for it, none is counted.
        while (!leases.compareAndSet(n, n + 1)) {
            n = leases.get();
            if (n < 0) {
                return null;
            }
        }
        return lease;
    }

    void endLease() {
        if (leases.decrementAndGet() == DRAINING) {
            unleased.complete(null);
        }
    }

    /** Gives no lease from now on. Called once. */
    void drain() {
        if (leases.getAndUpdate(n -> n | DRAINING) == 0) {
            unleased.complete(null);
        }
    }

    /** Returns what completes when it drains and the last lease has come back; may be completed sooner, at a deadline. */
    CompletableFuture<@Nullable Void> unleased() {
        return unleased;
    }
}
