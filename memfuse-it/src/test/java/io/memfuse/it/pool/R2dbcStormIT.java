package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.it.TestDatabase;
import io.memfuse.pool.r2dbc.R2dbcPoolProvider;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.R2dbcTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Borrowers who begin a transaction and cancel at any moment, before, during and after they are served, or whom the pool lets wait
 * in vain because somebody holds all there is, leave nothing behind: who stays is served or told of the time-out, what was not
 * committed is not there, and the pool serves as before, from the same backends. 10,000 of them in a build, 100,000 in a campaign.
 */
class R2dbcStormIT {

    private static final Logger LOG = LoggerFactory.getLogger(R2dbcStormIT.class);

    private static final int BORROWERS = Boolean.getBoolean("memfuse.campaign") ? 100_000 : 10_000;
    private static final int AT_ONCE = 200;
    private static final int SIZE = 8;

    /** Long enough for a login on a busy machine. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** After so many borrowers somebody takes all connections, until as many others have waited in vain as may be there at once. */
    private static final int BETWEEN_HOGS = 5_000;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    final StormWatch counts = new StormWatch();

    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(new R2dbcPoolProvider())
            .listener(counts)
            .build();
    private final PoolKey<ConnectionFactory> key = registry.register(
            DATABASE.spec("r2dbc")
                    .limits(R2dbcPools.LIMITS.withSizes(SIZE, SIZE).withTimeout(TIMEOUT))
                    .build(),
            ConnectionFactory.class);
    private final ConnectionFactory durable = registry.durable(key);

    private final Set<Integer> completed = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Throwable> failed = new ConcurrentHashMap<>();
    private final Set<Integer> stayed = new HashSet<>();
    private final List<Connection> hogged = new ArrayList<>();
    private int hoggedUntil;

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    @Timeout(240)
    void leavesThePoolAsItWas() throws InterruptedException {
        long seed = System.nanoTime();
        DATABASE.execute("CREATE TABLE storm (n int)");
        loadDriver();
        registry.warmUp(key, Duration.ofSeconds(10)).toCompletableFuture().join();

        Set<Integer> backends = DATABASE.backends().pids();

        borrowAll(new Random(seed));

        await("seed " + seed).untilAsserted(() -> {
            PoolStats stats = registry.snapshot(key).stats();
            assertThat(stats.active()).isZero();
            assertThat(stats.waiting()).isZero();
            assertThat(stats.idle()).isEqualTo(SIZE);
            assertThat(DATABASE.backends().pids()).hasSize(SIZE);
            assertThat(counts.released).hasValue(counts.acquired.get());
        });
        List<Integer> timedOut = stayed.stream().filter(this::isTimedOut).toList();
        Set<Integer> left = new HashSet<>(backends);
        left.retainAll(DATABASE.backends().pids());
        LOG.info(
                "seed {}: of {} borrowers {} were handed a connection, {} completed, {} stayed, {} of these timed out;"
                        + " time-outs heard of {}; connections made {}, failed {}; backends {} of {} are the same",
                seed,
                BORROWERS,
                counts.acquired,
                completed.size(),
                stayed.size(),
                timedOut.size(),
                counts.timedOut,
                counts.connected,
                counts.connectFailed,
                left.size(),
                SIZE);
        assertThat(stayed)
                .as("seed %s: who stays is served, or told that he waited too long", seed)
                .allMatch(n -> completed.contains(n) || isTimedOut(n));
        assertThat(timedOut).as("seed %s: many wait in vain", seed).hasSizeGreaterThanOrEqualTo(BORROWERS / 50);
        assertThat(counts.timedOut).as("seed %s", seed).hasValueGreaterThanOrEqualTo(timedOut.size());
        assertThat(counts.acquired).as("seed %s", seed).hasValueGreaterThanOrEqualTo(completed.size());
        int replaced = counts.connected.get() - SIZE;
        assertThat(counts.replaced())
                .as("seed %s: for a reason that is documented", seed)
                .isEqualTo(replaced);
        assertThat(replaced).as("seed %s: hardly any is replaced", seed).isLessThanOrEqualTo(BORROWERS / 1_000);
        assertThat(left).as("seed %s: the others are the same", seed).hasSizeGreaterThanOrEqualTo(SIZE - replaced);
        assertThat(rows())
                .as("seed %s: what was committed, and nothing else", seed)
                .allMatch(R2dbcStormIT::commits)
                .containsAll(completed.stream().filter(R2dbcStormIT::commits).toList());
    }

    /** The first login of a JVM may take longer than others have time for. */
    private static void loadDriver() {
        try (PoolRegistry other =
                PoolRegistry.builder().provider(new R2dbcPoolProvider()).build()) {
            PoolKey<ConnectionFactory> any = other.register(
                    DATABASE.spec("r2dbc").limits(R2dbcPools.LIMITS).build(), ConnectionFactory.class);
            Reactive.run(Mono.from(other.durable(any).create()).flatMap(one -> Mono.from(one.close())));
        }
        await().untilAsserted(() -> assertThat(DATABASE.backends().pids()).isEmpty());
    }

    private boolean isTimedOut(int n) {
        return failed.get(n) instanceof R2dbcTimeoutException failure
                && failure.getCause() instanceof PoolTimeoutException;
    }

    private void borrowAll(Random random) throws InterruptedException {
        var places = new Semaphore(AT_ONCE);
        for (int i = 0; i < BORROWERS; i++) {
            int n = i;
            hogSometimes(n);
            places.acquire();
            boolean impatient = random.nextInt(3) == 0;
            int patience = random.nextInt(4);
            if (!impatient && patience > 1) {
                stayed.add(n);
            }
            Mono<Void> use =
                    Mono.usingWhen(durable.create(), connection -> transaction(connection, n), Connection::close);
            Disposable borrower = (impatient ? use.timeout(Duration.ofNanos(random.nextInt(3_000_000))) : use)
                    .doFinally(end -> places.release())
                    .subscribe(nothing -> {}, failure -> failed.put(n, failure), () -> completed.add(n));
            cancelSometimes(borrower, patience, random);
        }
        await().untilAsserted(() -> assertThat(counts.timedOut).hasValueGreaterThanOrEqualTo(hoggedUntil));
        giveBackTheHogged();
        assertThat(places.tryAcquire(AT_ONCE, 60, TimeUnit.SECONDS)).isTrue();
    }

    private void hogSometimes(int n) {
        if (n % BETWEEN_HOGS == BETWEEN_HOGS / 2) {
            hogged.addAll(Reactive.await(Flux.range(0, SIZE)
                    .flatMap(i -> Mono.from(durable.create()).retry())
                    .collectList()));
            hoggedUntil = counts.timedOut.get() + AT_ONCE;
        } else if (counts.timedOut.get() >= hoggedUntil) {
            giveBackTheHogged();
        }
    }

    private void giveBackTheHogged() {
        hogged.forEach(connection -> Reactive.run(connection.close()));
        hogged.clear();
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

    private static Set<Integer> rows() {
        String all = DATABASE.query("SELECT coalesce(string_agg(n::text, ','), '') FROM storm");
        return Arrays.stream(all.split(","))
                .filter(n -> !n.isEmpty())
                .map(Integer::valueOf)
                .collect(Collectors.toSet());
    }
}
