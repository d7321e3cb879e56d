package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.RecordingListener;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

/** A registry on a fake technology, with real executors and time that the test advances. */
abstract class RegistryFixture {

    static final Duration BACKOFF = Duration.ofSeconds(1);
    static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

    final ManualTime time = new ManualTime();
    final FakePoolProvider provider = new FakePoolProvider();
    final RecordingListener listener = new RecordingListener();
    final EngineThreads threads = TestThreads.with(time);
    final PoolRegistry registry = builder().build();
    final ExecutorService callers = Executors.newCachedThreadPool();

    PoolRegistryBuilder builder() {
        return PoolRegistry.builder()
                .provider(provider)
                .threads(threads)
                .ticker(time)
                .listener(listener)
                .backoff(BACKOFF, Duration.ofSeconds(8))
                .random(() -> 1L << 63) // nextDouble() is 0.5: no variation
                .drainTimeout(DRAIN_TIMEOUT);
    }

    @AfterEach
    void close() {
        callers.shutdownNow();
        registry.close(Duration.ZERO);
        threads.close();
    }

    PoolKey<Resource> register(String database) {
        return registry.register(FakePoolProvider.spec(database), Resource.class);
    }

    PoolState stateOf(PoolKey<?> key) {
        return registry.snapshot(key).state();
    }

    /** Lets the openings of a database wait for the latch that is returned, whatever interrupts them. */
    CountDownLatch holdUp(String database) {
        var go = new CountDownLatch(1);
        provider.script(database, (spec, context) -> FakePoolProvider.awaitUninterruptibly(go));
        return go;
    }

    static <T> CompletableFuture<T> future(CompletionStage<T> stage) {
        return stage.toCompletableFuture();
    }
}
