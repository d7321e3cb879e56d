package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolHandle;
import io.memfuse.it.TestDatabase;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Borrowers who cancel at any moment, before, during and after they are served, or run out of time, leave nothing behind: the
 * pool serves as before, with the same connections. 10,000 of them in a build, 100,000 in a campaign.
 */
class R2dbcStormIT {

    private static final Logger LOG = LoggerFactory.getLogger(R2dbcStormIT.class);

    private static final int BORROWERS = Boolean.getBoolean("memfuse.campaign") ? 100_000 : 10_000;
    private static final int AT_ONCE = 200;
    private static final int SIZE = 8;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final R2dbcPools POOLS = new R2dbcPools();

    @Test
    @Timeout(240)
    void leavesThePoolAsItWas() throws InterruptedException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        PoolHandle<ConnectionFactory> pool =
                POOLS.open(DATABASE.spec("r2dbc").limits(R2dbcPools.LIMITS.withSizes(SIZE, SIZE)));
        pool.warmUp(Duration.ofSeconds(10));
        Set<Integer> before = DATABASE.backends().pids();
        var places = new Semaphore(AT_ONCE);
        var served = new AtomicInteger();
        var failed = new AtomicInteger();
        var cancelled = new AtomicInteger();

        for (int i = 0; i < BORROWERS; i++) {
            places.acquire();
            Mono<Integer> use = Mono.usingWhen(pool.resource().create(), Reactive::pid, Connection::close);
            Disposable borrower = impatient(use, random)
                    .doFinally(end -> {
                        count(end, served, failed, cancelled);
                        places.release();
                    })
                    .subscribe(pid -> {}, failure -> {});
            cancelSometimes(borrower, random);
        }

        assertThat(places.tryAcquire(AT_ONCE, 30, TimeUnit.SECONDS)).isTrue();
        LOG.info("seed {}: {} served, {} out of time, {} cancelled", seed, served, failed, cancelled);
        await("seed " + seed).untilAsserted(() -> {
            assertThat(pool.stats().active()).isZero();
            assertThat(pool.stats().waiting()).isZero();
            assertThat(pool.stats().idle()).isEqualTo(SIZE);
        });
        assertThat(DATABASE.backends().pids()).as("seed %s", seed).isEqualTo(before);
        assertThat(Reactive.await(Mono.usingWhen(pool.resource().create(), Reactive::pid, Connection::close)))
                .isIn(before);
    }

    private static Mono<Integer> impatient(Mono<Integer> use, Random random) {
        return random.nextInt(3) == 0 ? use.timeout(Duration.ofNanos(random.nextInt(3_000_000))) : use;
    }

    /** At once, in the middle of the next moment, or not at all. */
    private static void cancelSometimes(Disposable borrower, Random random) {
        switch (random.nextInt(4)) {
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

    private static void count(SignalType end, AtomicInteger served, AtomicInteger failed, AtomicInteger cancelled) {
        (switch (end) {
                    case ON_COMPLETE -> served;
                    case ON_ERROR -> failed;
                    default -> cancelled;
                })
                .incrementAndGet();
    }
}
