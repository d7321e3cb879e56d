package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.RecordingListener;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** A pool on a driver without a server, in time that passes when the test says so; all work is done at once, on the caller. */
final class PoolFixture {

    static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final PoolLimits LIMITS = PoolLimits.DEFAULTS.withTimeout(TIMEOUT);

    final ManualTime time = new ManualTime();
    final FakeDriver driver = new FakeDriver();
    final RecordingListener listener = new RecordingListener();
    final R2dbcPoolProvider provider;

    private final EngineThreads threads = TestThreads.onCaller(time);
    private final AtomicInteger looksUntilFailure = new AtomicInteger();

    /** Of the pools that are opened from now on. */
    Executor executor = threads.openers();

    PoolFixture() {
        provider = new R2dbcPoolProvider(driver, time);
    }

    PoolFixture(R2dbcPoolProvider provider) {
        this.provider = provider;
    }

    /** Fails at the look at the clock that is so many from now. */
    void clockFailsAt(int look) {
        looksUntilFailure.set(look);
    }

    private long now() {
        if (looksUntilFailure.get() > 0 && looksUntilFailure.decrementAndGet() == 0) {
            throw new InternalError("thrown on purpose");
        }
        return time.nanoTime();
    }

    PoolHandle<ConnectionFactory> open(int minSize, int maxSize) {
        return open(LIMITS.withSizes(minSize, maxSize));
    }

    PoolHandle<ConnectionFactory> open(PoolLimits limits) {
        PoolSpec spec = PoolSpec.builder("r2dbc", "orders").limits(limits).build();
        PoolKey<ConnectionFactory> key = PoolKey.of(spec, ConnectionFactory.class);
        return open(limits, new PoolContext(key, listener, threads.scheduler(), executor, this::now));
    }

    PoolHandle<ConnectionFactory> open(PoolLimits limits, PoolContext context) {
        PoolSpec spec = PoolSpec.builder("r2dbc", "orders").limits(limits).build();
        try {
            return provider.open(spec, context);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts", e);
        }
    }

    /** A borrower, who asks at once. */
    static Borrower borrow(ConnectionFactory resource) {
        var borrower = new Borrower();
        Mono.from(resource.create()).subscribe(borrower);
        return borrower;
    }

    static Borrower borrow(PoolHandle<ConnectionFactory> pool) {
        return borrow(pool.resource());
    }

    /** Closes a connection and forgets about it. */
    static void close(Borrower borrower) {
        Mono.from(borrower.connection().close()).subscribe();
    }

    static List<Borrower> borrowers(PoolHandle<ConnectionFactory> pool, int count) {
        List<Borrower> borrowers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            borrowers.add(borrow(pool));
        }
        return borrowers;
    }

    static long served(List<Borrower> borrowers) {
        return borrowers.stream().filter(Borrower::isServed).count();
    }
}
