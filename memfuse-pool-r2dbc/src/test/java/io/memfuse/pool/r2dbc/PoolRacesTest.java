package io.memfuse.pool.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.core.time.Ticker;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** Borrowers, those who cancel, dying connections and changes of the pool, all at once and at random, on threads. */
@Timeout(60)
class PoolRacesTest {

    private static final int MAX_SIZE = 4;
    private static final int THREADS = 4;
    private static final int BORROWERS = 5_000;

    private final EngineThreads threads = EngineThreads.create();
    private final FakeDriver driver = new FakeDriver();
    private final long seed = System.nanoTime();

    /** What Reactor got and could tell nobody. */
    private final Queue<Object> dropped = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void watch() {
        Hooks.onNextDropped(dropped::add);
        Hooks.onErrorDropped(dropped::add);
    }

    @AfterEach
    void endThreads() {
        threads.close();
        Hooks.resetOnNextDropped();
        Hooks.resetOnErrorDropped();
    }

    private PoolHandle<ConnectionFactory> open() throws InterruptedException {
        PoolSpec spec = PoolSpec.builder("r2dbc", "orders")
                .limits(PoolFixture.LIMITS.withSizes(1, MAX_SIZE).withMaxQueries(0))
                .build();
        PoolKey<ConnectionFactory> key = PoolKey.of(spec, ConnectionFactory.class);
        return new R2dbcPoolProvider(driver)
                .open(
                        spec,
                        new PoolContext(
                                key, PoolListener.NONE, threads.scheduler(), threads.openers(), Ticker.system()));
    }

    @Test
    void loseNobodyAndNothing() throws InterruptedException {
        PoolHandle<ConnectionFactory> pool = open();
        var begun = new AtomicInteger();
        var ended = new AtomicInteger();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            var random = new Random(seed + i);
            all.add(async(() -> {
                for (int n = 0; n < BORROWERS; n++) {
                    begun.incrementAndGet();
                    borrow(pool, random, ended);
                }
            }));
        }
        var random = new Random(seed - 1);
        while (all.stream().anyMatch(borrowers -> !borrowers.isDone())) {
            disturb(pool, random);
        }
        pool.resize(1, MAX_SIZE);

        await("seed " + seed).untilAsserted(() -> {
            assertThat(ended.get()).isEqualTo(begun.get());
            assertThat(pool.stats().active()).isZero();
            assertThat(pool.stats().waiting()).isZero();
        });
        assertThat(dropped).as("seed %s", seed).isEmpty();
        assertThat(driver.peak()).as("seed %s", seed).isLessThanOrEqualTo(MAX_SIZE);
        assertThat(pool.close(Duration.ofSeconds(5)).drained()).isTrue();
        await("seed " + seed).untilAsserted(() -> assertThat(driver.connected()).isZero());
    }

    private static void borrow(PoolHandle<ConnectionFactory> pool, Random random, AtomicInteger ended) {
        int kind = random.nextInt(4);
        Disposable borrower = Mono.usingWhen(pool.resource().create(), connection -> Mono.just(kind), Connection::close)
                .doFinally(end -> ended.incrementAndGet())
                .subscribe(done -> {}, failure -> {});
        if (kind == 0) {
            borrower.dispose();
        }
    }

    private void disturb(PoolHandle<ConnectionFactory> pool, Random random) {
        switch (random.nextInt(5)) {
            case 0 -> pool.resize(0, 1 + random.nextInt(MAX_SIZE));
            case 1 -> pool.softEvict();
            case 2 -> pool.evictIdle();
            case 3 -> driver.youngest().disconnect();
            default -> Thread.onSpinWait();
        }
    }

    private static CompletableFuture<Void> async(Runnable work) {
        var done = new CompletableFuture<Void>();
        new Thread(() -> {
                    try {
                        work.run();
                        done.complete(null);
                    } catch (RuntimeException | Error e) {
                        done.completeExceptionally(e);
                    }
                })
                .start();
        return done;
    }
}
