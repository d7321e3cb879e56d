package io.memfuse.it.pool;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import io.memfuse.pool.r2dbc.R2dbcPoolProvider;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Opens reactive pools as the registry does, and closes after each test those that it left open. */
final class R2dbcPools implements AfterEachCallback, AfterAllCallback {

    /** Small and quick, for tests of something else. */
    static final PoolLimits LIMITS = PoolLimits.DEFAULTS.withSizes(1, 4).withTimeout(Duration.ofSeconds(10));

    private final R2dbcPoolProvider provider = new R2dbcPoolProvider();
    private final EngineThreads threads = EngineThreads.create();
    private final Queue<PoolHandle<ConnectionFactory>> opened = new ConcurrentLinkedQueue<>();

    PoolHandle<ConnectionFactory> open(PoolSpec.Builder spec) throws InterruptedException {
        PoolSpec built = spec.build();
        PoolKey<ConnectionFactory> key = PoolKey.of(built, ConnectionFactory.class);
        PoolHandle<ConnectionFactory> pool = provider.open(
                built,
                new PoolContext(key, PoolListener.NONE, threads.scheduler(), threads.openers(), Ticker.system()));
        opened.add(pool);
        return pool;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        closeAll();
    }

    /** Closes those that are open. */
    void closeAll() {
        for (PoolHandle<ConnectionFactory> pool = opened.poll(); pool != null; pool = opened.poll()) {
            pool.close(Duration.ZERO);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getRequiredTestClass().getEnclosingClass() == null) {
            threads.close();
        }
    }
}
