package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An alias that moves from one new database to the next, the former being removed each time, while many use it: nobody is
 * refused. Real threads, real time. The seed is printed; the system property {@code memfuse.campaign} has it go on for longer.
 */
@Timeout(180)
class PoolAliasStressTest {

    private static final int THREADS = 6;
    private static final int MOVES = Boolean.getBoolean("memfuse.campaign") ? 50_000 : 2_000;

    private final long seed = Long.getLong("memfuse.seed", System.nanoTime());
    private final FakePoolProvider provider = new FakePoolProvider();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void nobodyIsRefusedWhileItMoves() throws Exception {
        System.out.println("PoolAliasStressTest: -Dmemfuse.seed=" + seed);
        var registry = PoolRegistry.builder().provider(provider).build();
        PoolKey<Resource> key = register(registry, 0);
        PoolAlias<Resource> alias = registry.alias(key);
        var route = new MovableRoute<>(registry.route(key));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<Long>> users = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            boolean blocks = i % 2 == 0;
            users.add(threads.submit(() -> use(alias.durable(), route, blocks)));
        }
        var random = new SplittableRandom(seed);
        for (int i = 1; i <= MOVES; i++) {
            PoolKey<Resource> next = register(registry, i);
            if (random.nextBoolean()) {
                registry.lease(next).close(); // Else whoever uses it opens it.
            }
            route.follow(registry.route(next));
            registry.change().move(alias, next).remove(key).apply();
            key = next;
            LockSupport.parkNanos(random.nextInt(100_000));
        }
        over.set(true);
        long served = 0;
        for (Future<Long> user : users) {
            served += user.get(30, TimeUnit.SECONDS);
        }
        threads.shutdown();
        registry.close(Duration.ofSeconds(10));

        System.out.println("PoolAliasStressTest: " + served + " uses in " + MOVES + " moves");
        assertThat(served).isGreaterThan((long) MOVES);
        assertThat(provider.pools()).hasSizeGreaterThan(MOVES / 4);
        assertThat(provider.pools())
                .allSatisfy(pool -> assertThat(pool.closes()).isEqualTo(1));
    }

    private static PoolKey<Resource> register(PoolRegistry registry, int number) {
        return registry.register(FakePoolProvider.spec("db" + number, 0, 1), Resource.class);
    }

    private long use(Resource durable, MovableRoute<Resource> route, boolean blocks) throws Exception {
        long uses = 0;
        while (!over.get()) {
            if (blocks) {
                assertThat(durable.use()).isPositive();
            } else {
                CompletableFuture<Resource> found = route.whenOpen().toCompletableFuture();
                assertThat(found.get(30, TimeUnit.SECONDS)).isNotNull();
            }
            uses++;
        }
        return uses;
    }
}
