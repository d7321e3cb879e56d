package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.testing.Campaign;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Everything that may happen to a registry, all at once, on real threads and in real time. The seed is printed; the system
 * property {@code memfuse.campaign} lets it go on for a minute.
 */
@Timeout(180)
class RegistryStressTest {

    private static final int DATABASES = 6;
    private static final int THREADS = 8;
    private static final Duration LENGTH = Duration.ofSeconds(Campaign.isOn() ? 60 : 3);

    private final long seed = Long.getLong("memfuse.seed", System.nanoTime());
    private final Map<PoolKey<?>, AtomicInteger> openings = new ConcurrentHashMap<>();
    private final AtomicInteger violations = new AtomicInteger();
    private final FakePoolProvider fake = new FakePoolProvider();

    /** Slow, and every fifth opening fails; knows how many openings of one key are under way. */
    private final class Moody extends DelegatingProvider {

        private final AtomicInteger calls = new AtomicInteger();

        Moody() {
            super(fake);
        }

        @Override
        public PoolHandle<Resource> open(PoolSpec spec, PoolContext context) throws Exception {
            AtomicInteger underWay = openings.computeIfAbsent(context.key(), key -> new AtomicInteger());
            if (underWay.incrementAndGet() > 1) {
                violations.incrementAndGet();
            }
            try {
                int call = calls.incrementAndGet();
                if (call % 3 == 0) {
                    LockSupport.parkNanos(300_000);
                }
                if (call % 5 == 0) {
                    throw new IOException("in a bad mood");
                }
                return super.open(spec, context);
            } finally {
                underWay.decrementAndGet();
            }
        }
    }

    @Test
    void keepsItsPromisesWhateverHappensAtOnce() throws Exception {
        System.out.println("RegistryStressTest: -Dmemfuse.seed=" + seed);
        var registry = PoolRegistry.builder()
                .provider(new Moody())
                .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                .drainTimeout(Duration.ofSeconds(60)) // longer than any lease is held
                .poolIdleTimeout(Duration.ofMillis(10))
                .maxOpenPools(DATABASES / 2)
                .build();
        List<PoolKey<Resource>> keys = new ArrayList<>();
        for (int i = 0; i < DATABASES; i++) {
            keys.add(registry.register(FakePoolProvider.spec("db" + i, 0, 1), Resource.class));
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        long end = System.nanoTime() + LENGTH.toNanos();
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            var random = new SplittableRandom(seed + i);
            all.add(threads.submit(() -> {
                int served = 0;
                while (System.nanoTime() < end) {
                    served += act(registry, keys.get(random.nextInt(DATABASES)), random);
                }
                return served;
            }));
        }
        int served = 0;
        for (Future<Integer> one : all) {
            served += one.get(LENGTH.toSeconds() + 60, TimeUnit.SECONDS);
        }
        threads.shutdown();
        registry.close(Duration.ofSeconds(10));

        assertThat(served).isGreaterThan(1_000);
        assertThat(violations).as("two openings of one key at once").hasValue(0);
        assertThat(fake.pools()).hasSizeGreaterThan(DATABASES);
        assertThat(fake.pools())
                .as("each pool that was ever opened is closed once")
                .allSatisfy(pool -> assertThat(pool.closes()).isEqualTo(1));
    }

    /** Returns 1 if a pool was used. */
    private int act(PoolRegistry registry, PoolKey<Resource> key, SplittableRandom random) {
        switch (random.nextInt(40)) {
            case 0 -> registry.evict(key);
            case 1 -> join(registry.replace(key, FakePoolProvider.spec(key.database(), 0, 1 + random.nextInt(3))));
            case 2 -> registry.warmUp(key);
            case 3 -> registry.pin(key);
            case 4 -> registry.unpin(key);
            case 5 -> assertThat(registry.snapshot().pools()).isNotEmpty();
            case 6 -> registry.durable(key);
            case 7, 8, 9 -> LockSupport.parkNanos(random.nextInt(2_000_000));
            default -> {
                return random.nextBoolean() ? lease(registry, key, random) : useDurable(registry, key);
            }
        }
        return 0;
    }

    private static void join(java.util.concurrent.CompletionStage<java.util.Optional<DrainReport>> replaced) {
        // Its failure is one of the moods; that it ends is the point.
        CompletableFuture<?> ended = replaced.toCompletableFuture().handle((report, failure) -> "ended");
        ended.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static int lease(PoolRegistry registry, PoolKey<Resource> key, SplittableRandom random) {
        try (PoolLease<Resource> lease = registry.lease(key)) {
            lease.resource().use();
            if (random.nextInt(50) == 0) {
                LockSupport.parkNanos(500_000);
            }
            lease.resource().use(); // Throws if the pool was closed while it is leased.
            return 1;
        } catch (PoolOpenException mood) {
            return 0;
        }
    }

    private static int useDurable(PoolRegistry registry, PoolKey<Resource> key) {
        try {
            registry.durable(key).use();
            return 1;
        } catch (PoolOpenException mood) {
            return 0;
        }
    }

    @Test
    void opensADatabaseOnceAtATimeHoweverOftenItIsRemovedAndRegistered() throws Exception {
        System.out.println("RegistryStressTest: -Dmemfuse.seed=" + seed);
        var registry = PoolRegistry.builder()
                .provider(new Moody())
                .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                .build();
        PoolSpec spec = FakePoolProvider.spec("comes and goes", 0, 1);
        PoolKey<Resource> key = registry.register(spec, Resource.class);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        long end = System.nanoTime() + LENGTH.dividedBy(3).toNanos();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            var random = new SplittableRandom(seed + i);
            all.add(threads.submit(() -> {
                while (System.nanoTime() < end) {
                    comeAndGo(registry, key, spec, random);
                }
            }));
        }
        for (Future<?> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();
        registry.close(Duration.ofSeconds(10));
        assertThat(violations).as("two openings of one key at once").hasValue(0);
        assertThat(fake.pools())
                .hasSizeGreaterThan(1)
                .allSatisfy(pool -> assertThat(pool.closes()).isEqualTo(1));
    }

    private static void comeAndGo(
            PoolRegistry registry, PoolKey<Resource> key, PoolSpec spec, SplittableRandom random) {
        try {
            if (random.nextInt(4) == 0) {
                registry.remove(key);
            }
            lease(registry, registry.register(spec, Resource.class), random);
        } catch (PoolClosedException | PoolConfigurationException removed) {
            // By another thread, in this moment.
        }
    }

    @Test
    void closesEverythingWheneverItIsClosed() throws Exception {
        System.out.println("RegistryStressTest: -Dmemfuse.seed=" + seed);
        var random = new SplittableRandom(seed);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int round = 0; round < (Campaign.isOn() ? 2_000 : 60); round++) {
            var registry = PoolRegistry.builder()
                    .provider(new Moody())
                    .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                    .poolIdleTimeout(Duration.ofMillis(10))
                    .maxOpenPools(1)
                    .build();
            PoolKey<Resource> a = registry.register(FakePoolProvider.spec("a", 0, 1), Resource.class);
            PoolKey<Resource> b = registry.register(FakePoolProvider.spec("b", 0, 1), Resource.class);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                SplittableRandom own = random.split();
                all.add(threads.submit(() -> actUntilClosed(registry, own.nextBoolean() ? a : b, own)));
            }
            LockSupport.parkNanos(random.nextInt(3_000_000));
            registry.close(Duration.ofSeconds(10));
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        threads.shutdown();
        assertThat(violations).as("two openings of one key at once").hasValue(0);
        assertThat(fake.pools()).allSatisfy(pool -> assertThat(pool.closes()).isEqualTo(1));
    }

    private void actUntilClosed(PoolRegistry registry, PoolKey<Resource> key, SplittableRandom random) {
        while (true) {
            try {
                act(registry, key, random);
                registry.lease(key).close();
            } catch (PoolClosedException closed) {
                return;
            } catch (PoolOpenException | PoolTimeoutException mood) {
                // The next attempt may be luckier.
            } catch (PoolException other) {
                throw new AssertionError(other);
            }
        }
    }
}
