package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.it.TestDatabase;
import io.memfuse.pool.r2dbc.R2dbcPoolProvider;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.IsolationLevel;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Borrowers who begin a transaction and cancel at any moment, before, during and after they are served, or run out of time, leave
 * nothing behind: who stays is served, what was not committed is not there, and the pool serves as before. 10,000 of them in a
 * build, 100,000 in a campaign.
 */
class R2dbcStormIT {

    private static final Logger LOG = LoggerFactory.getLogger(R2dbcStormIT.class);

    private static final int BORROWERS = Boolean.getBoolean("memfuse.campaign") ? 100_000 : 10_000;
    private static final int AT_ONCE = 200;
    private static final int SIZE = 8;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final class Counts implements PoolListener {

        final AtomicInteger connected = new AtomicInteger();
        final AtomicInteger acquired = new AtomicInteger();
        final AtomicInteger released = new AtomicInteger();

        @Override
        public void connected(PoolKey<?> key, long tookNanos) {
            connected.incrementAndGet();
        }

        @Override
        public void acquired(PoolKey<?> key, long waitedNanos) {
            acquired.incrementAndGet();
        }

        @Override
        public void released(PoolKey<?> key, long heldNanos) {
            released.incrementAndGet();
        }
    }

    private final Counts counts = new Counts();
    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(new R2dbcPoolProvider())
            .listener(counts)
            .build();
    private final PoolKey<ConnectionFactory> key = registry.register(
            DATABASE.spec("r2dbc")
                    .limits(R2dbcPools.LIMITS.withSizes(SIZE, SIZE).withTimeout(Duration.ofSeconds(30)))
                    .build(),
            ConnectionFactory.class);
    private final ConnectionFactory durable = registry.durable(key);

    private final Set<Integer> completed = ConcurrentHashMap.newKeySet();
    private final Set<Integer> failed = ConcurrentHashMap.newKeySet();
    private final Set<Integer> stayed = new HashSet<>();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    @Timeout(240)
    void leavesThePoolAsItWas() throws InterruptedException {
        long seed = System.nanoTime();
        DATABASE.execute("CREATE TABLE storm (n int)");
        registry.warmUp(key, Duration.ofSeconds(10)).toCompletableFuture().join();

        borrowAll(new Random(seed));

        LOG.info(
                "seed {}: {} completed, {} failed, {} stayed; {} connections made",
                seed,
                completed.size(),
                failed.size(),
                stayed.size(),
                counts.connected);
        assertThat(completed).as("seed %s: who stays is served", seed).containsAll(stayed);
        await("seed " + seed).untilAsserted(() -> {
            PoolStats stats = registry.snapshot(key).stats();
            assertThat(stats.active()).isZero();
            assertThat(stats.waiting()).isZero();
            assertThat(stats.idle()).isEqualTo(SIZE);
            assertThat(DATABASE.backends().pids()).hasSize(SIZE);
            assertThat(counts.released).hasValue(counts.acquired.get());
        });
        assertThat(counts.acquired).as("seed %s", seed).hasValueGreaterThanOrEqualTo(completed.size());
        assertThat(counts.connected).as("seed %s: few are replaced", seed).hasValueLessThan(SIZE + BORROWERS / 100);
        assertThat(rows())
                .as("seed %s: what was committed, and nothing else", seed)
                .allMatch(R2dbcStormIT::commits)
                .containsAll(completed.stream().filter(R2dbcStormIT::commits).toList());
    }

    private void borrowAll(Random random) throws InterruptedException {
        var places = new Semaphore(AT_ONCE);
        for (int i = 0; i < BORROWERS; i++) {
            int n = i;
            places.acquire();
            boolean impatient = random.nextInt(3) == 0;
            int patience = random.nextInt(4);
            if (!impatient && patience > 1) {
                stayed.add(n);
            }
            Mono<Void> use =
                    Mono.usingWhen(durable.create(), connection -> transaction(connection, n), Connection::close);
            Disposable borrower = (impatient ? use.timeout(Duration.ofNanos(random.nextInt(3_000_000))) : use)
                    .doFinally(end -> {
                        note(n, end);
                        places.release();
                    })
                    .subscribe(nothing -> {}, failure -> {});
            cancelSometimes(borrower, patience, random);
        }
        assertThat(places.tryAcquire(AT_ONCE, 60, TimeUnit.SECONDS)).isTrue();
    }

    /** Every other one forgets to commit. */
    private static boolean commits(int n) {
        return n % 2 == 0;
    }

    private static Mono<Void> transaction(Connection connection, int n) {
        return Mono.from(connection.beginTransaction(
                        n % 3 == 0 ? IsolationLevel.SERIALIZABLE : IsolationLevel.READ_COMMITTED))
                .then(Reactive.execute(connection, "INSERT INTO storm VALUES (" + n + ")"))
                .then(commits(n) ? Mono.from(connection.commitTransaction()) : Mono.empty());
    }

    /** At once, in the middle of the next moment, or not at all. */
    private static void cancelSometimes(Disposable borrower, int patience, Random random) {
        switch (patience) {
            case 0 -> borrower.dispose();
            case 1 -> {
                long untilNanos = System.nanoTime() + random.nextInt(300_000);
                while (System.nanoTime() < untilNanos) {
                    Thread.onSpinWait();
                }
                borrower.dispose();
            }
            default -> {
                // Stays.
            }
        }
    }

    private void note(int n, SignalType end) {
        if (end == SignalType.ON_COMPLETE) {
            completed.add(n);
        } else if (end == SignalType.ON_ERROR) {
            failed.add(n);
        }
    }

    private static Set<Integer> rows() {
        String all = DATABASE.query("SELECT coalesce(string_agg(n::text, ','), '') FROM storm");
        return Arrays.stream(all.split(","))
                .filter(n -> !n.isEmpty())
                .map(Integer::valueOf)
                .collect(Collectors.toSet());
    }
}
