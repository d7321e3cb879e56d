package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sizes that change, are refused, and meet replacements and evictions: what the settings say is what the pool has. */
@Timeout(180)
class AdjustmentStressTest {

    private static final int THREADS = 4;
    private static final int ROUNDS = Boolean.getBoolean("memfuse.campaign") ? 20_000 : 500;

    private final long seed = Long.getLong("memfuse.seed", System.nanoTime());
    private final FakePoolProvider provider = new FakePoolProvider();
    private final PoolRegistry registry =
            PoolRegistry.builder().provider(provider).build();
    private final PoolKey<Resource> key = registry.register(FakePoolProvider.spec("orders", 1, 2), Resource.class);

    @Test
    void whatTheSettingsSayIsWhatThePoolHas() throws Exception {
        System.out.println("AdjustmentStressTest: -Dmemfuse.seed=" + seed);
        provider.scriptPools(pool -> pool.scriptResize((min, max) -> {
            LockSupport.parkNanos(max * 1_000L);
            if (max % 2 == 1) {
                throw new IllegalStateException("no odd sizes");
            }
        }));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        for (int round = 0; round < ROUNDS; round++) {
            registry.durable(key).use();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                var random = new SplittableRandom(seed + (long) round * THREADS + i);
                all.add(threads.submit(() -> change(random)));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .untilAsserted(() -> assertThat(sizeOfThePool()).isEqualTo(maxSize()));
        }
        threads.shutdown();
        registry.close(Duration.ofSeconds(10));
        assertThat(provider.pools())
                .allSatisfy(pool -> assertThat(pool.closes()).isEqualTo(1));
    }

    /** Of the one that serves; opened if the last change was an eviction. */
    private int sizeOfThePool() {
        registry.durable(key).use();
        return registry.snapshot(key).stats().maxSize();
    }

    private int maxSize() {
        return registry.spec(key).limits().maxSize();
    }

    private void change(SplittableRandom random) {
        int maxSize = 2 + random.nextInt(20);
        switch (random.nextInt(8)) {
            case 0 -> awaitEnd(registry.replace(key, FakePoolProvider.spec("orders", 1, maxSize)));
            case 1 -> {
                awaitEnd(registry.evict(key));
                registry.durable(key).use();
            }
            default -> awaitEnd(registry.resize(key, 1, maxSize));
        }
    }

    private static void awaitEnd(CompletionStage<?> change) {
        // Whether it is refused does not matter, that it ends does.
        CompletableFuture<?> ended = change.toCompletableFuture().handle((value, failure) -> "ended");
        ended.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
