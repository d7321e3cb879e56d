package io.memfuse.micrometer;

import io.memfuse.core.health.HealthMonitor;
import io.memfuse.core.health.HealthSettings;
import io.memfuse.core.monitor.PoolMonitor;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceContext;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Pool;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Everything that there are meters of, on a fake technology, with time that the test advances. */
abstract class MetricsFixture {

    static final Duration SECOND = Duration.ofSeconds(1);

    final ManualTime time = new ManualTime();
    final EngineThreads threads = TestThreads.with(time);
    final PoolMonitor monitor = new PoolMonitor();
    final FakePoolProvider provider = new FakePoolProvider();
    final PoolRegistry pools = PoolRegistry.builder()
            .provider(provider)
            .listener(monitor)
            .threads(threads)
            .ticker(time)
            .backoff(Duration.ofSeconds(8), Duration.ofSeconds(8))
            .random(() -> 1L << 63) // nextDouble() is 0.5: no variation
            .build();
    final HealthMonitor health = new HealthMonitor(pools, monitor, threads, time, HealthSettings.DEFAULT);
    final ServiceCache services = ServiceCache.builder()
            .threads(threads)
            .ticker(time)
            .factory(new GreetingFactory())
            .build();

    /** A service of a user. */
    record Greeting(String text) {}

    private static final class GreetingFactory implements ServiceFactory<Greeting> {

        @Override
        public String name() {
            return "greeting";
        }

        @Override
        public Class<Greeting> type() {
            return Greeting.class;
        }

        @Override
        public Greeting create(ServiceContext context) {
            return new Greeting("hello " + context.user());
        }
    }

    @AfterEach
    void close() {
        services.close(Duration.ZERO);
        health.close();
        pools.close(Duration.ZERO);
        threads.close();
    }

    MemFuseMetrics.Builder metrics() {
        return MemFuseMetrics.builder(pools, monitor)
                .health(health::health)
                .services(services)
                .ticker(time);
    }

    PoolKey<Resource> register(String database) {
        return pools.register(FakePoolProvider.spec(database, 2, 20), Resource.class);
    }

    Pool open(PoolKey<Resource> key) {
        pools.durable(key).use();
        List<Pool> made = provider.pools();
        return made.get(made.size() - 1);
    }

    /** What the adapter of a pool tells. */
    static PoolListener adapterOf(Pool pool) {
        return pool.context().listener();
    }

    static PoolException refused(PoolKey<?> key) {
        return PoolOpenException.attemptFailed(key, FailureKind.UNREACHABLE, "refused", Duration.ZERO, null);
    }
}
