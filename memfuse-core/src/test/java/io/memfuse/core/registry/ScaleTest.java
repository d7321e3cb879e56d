package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.thread.EngineThreads;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many pools cost. */
@Timeout(120)
class ScaleTest {

    private final FakePoolProvider provider = new FakePoolProvider();

    private static PoolSpec spec(int tenant) {
        return PoolSpec.builder(FakePoolProvider.NAME, "tenant_" + tenant)
                .host("db" + tenant % 10 + ".example.org")
                .user("tenant_" + tenant)
                .password(Secret.of("password-of-" + tenant))
                .build();
    }

    private static long engineThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("memfuse-"))
                .count();
    }

    @Test
    void aThousandOpenPoolsHaveTheThreadsOfOne() throws Exception {
        EngineThreads threads = EngineThreads.create();
        try (PoolRegistry registry = PoolRegistry.builder()
                .provider(provider)
                .threads(threads)
                .poolIdleTimeout(Duration.ofHours(1))
                .maxOpenPools(5_000)
                .build()) {
            List<PoolKey<Resource>> keys = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                PoolKey<Resource> key = registry.register(spec(i), Resource.class);
                registry.warmUp(key).toCompletableFuture().get(10, TimeUnit.SECONDS);
                keys.add(key);
            }
            keys.forEach(key -> registry.durable(key).use());
            assertThat(provider.pools()).hasSize(1_000);
            // An executor's thread ends after 5 s without work; the scheduler's stays.
            org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> engineThreads() <= 1);
        } finally {
            threads.close();
        }
    }

    @Test
    void tenThousandRegisteredDatabasesCostMemoryOnlyAndLittleOfThat() {
        int databases = 10_000;
        long threadsBefore = engineThreads();
        var registry = PoolRegistry.builder().provider(provider).build();
        registry.register(spec(databases), Resource.class); // loads the classes
        long before = usedBytes();
        for (int i = 0; i < databases; i++) {
            registry.register(spec(i), Resource.class);
        }
        long bytesEach = (usedBytes() - before) / databases;
        System.out.println("ScaleTest: " + bytesEach + " bytes for each registered database");
        assertThat(provider.attempts()).isZero();
        assertThat(engineThreads()).isEqualTo(threadsBefore);
        assertThat(bytesEach).isLessThanOrEqualTo(1_024);
        registry.close();
    }

    /** Returns what is used after a collection. */
    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            var garbage = new WeakReference<>(new Object());
            while (garbage.get() != null) {
                System.gc();
            }
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
