package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.cli.embedded.EmbeddedPostgres;
import io.memfuse.cli.embedded.MortalServer;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolFailure;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.pool.hikari.HikariPoolProvider;
import io.memfuse.pool.r2dbc.R2dbcPoolProvider;
import io.r2dbc.spi.ConnectionFactory;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** A server that dies, or freezes, under pools that are open: nobody waits for long, and they recover by themselves. */
@Timeout(120)
class ServerDeathIT {

    private static final Logger LOG = LoggerFactory.getLogger(ServerDeathIT.class);

    /** Between two attempts, at most. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** For a login and a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static @Nullable MortalServer started;

    private final PoolRegistry registry = PoolRegistry.builder()
            .provider(new HikariPoolProvider())
            .provider(new R2dbcPoolProvider())
            .build();

    /** One request: when it began and ended, in nanoseconds, and how. */
    private record Answer(
            long beganNanos, long endedNanos, @Nullable Throwable failure) {

        Duration took() {
            return Duration.ofNanos(endedNanos - beganNanos);
        }

        boolean served() {
            return failure == null;
        }

        PoolException refusal() {
            assertThat(failure).hasCauseInstanceOf(PoolException.class);
            return (PoolException)
                    Objects.requireNonNull(Objects.requireNonNull(failure).getCause());
        }
    }

    @BeforeAll
    static void start() throws Exception {
        started = MortalServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server().stop();
    }

    @AfterEach
    void close() {
        registry.close(Duration.ZERO);
    }

    private static MortalServer server() {
        return Objects.requireNonNull(started);
    }

    private Callable<String> requests(String provider, PoolLimits limits) {
        PoolSpec spec = PoolSpec.builder(provider, "postgres")
                .host("localhost")
                .port(server().port())
                .user(EmbeddedPostgres.USER)
                .password(Secret.of(EmbeddedPostgres.PASSWORD))
                .limits(limits)
                .build();
        if (provider.equals(HikariPoolProvider.NAME)) {
            PoolKey<DataSource> key = registry.register(spec, DataSource.class);
            DataSource pool = registry.durable(key);
            return () -> {
                try (Connection connection = pool.getConnection()) {
                    return Pools.query(connection, "SELECT 'served'");
                }
            };
        }
        ConnectionFactory pool = registry.durable(registry.register(spec, ConnectionFactory.class));
        return () -> Reactive.await(Mono.usingWhen(
                pool.create(),
                connection -> Reactive.query(connection, "SELECT 'served'"),
                io.r2dbc.spi.Connection::close));
    }

    private static Answer ask(Callable<String> request) {
        long beganNanos = System.nanoTime();
        @Nullable Throwable failure = null;
        try {
            assertThat(request.call()).isEqualTo("served");
        } catch (Exception e) {
            failure = e;
        }
        return new Answer(beganNanos, System.nanoTime(), failure);
    }

    @ParameterizedTest
    @CsvSource({"hikari,2", "hikari,0", "r2dbc,2", "r2dbc,0"})
    void thatIsKilledUnderLoadCostsNobodyMuchTimeAndIsBackSoonAfterItStartsAgain(String provider, int minSize)
            throws Exception {
        Callable<String> request =
                requests(provider, PoolLimits.DEFAULTS.withSizes(minSize, 4).withTimeout(Duration.ofSeconds(40)));
        assertThat(ask(request).served()).isTrue();
        Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        List<Thread> load = new ArrayList<>();
        var over = new AtomicBoolean();
        for (int i = 0; i < 12; i++) {
            load.add(new Thread(() -> {
                while (!over.get()) {
                    Answer answer = ask(request);
                    answers.add(answer);
                    try {
                        Thread.sleep(answer.served() ? 0 : 20);
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }));
        }
        load.forEach(Thread::start);
        await().until(() -> answers.size() > 500);

        long killedNanos = System.nanoTime();
        server().kill();
        await().pollDelay(Duration.ofSeconds(6)).until(() -> true);
        server().restart();
        long backNanos = System.nanoTime();
        await().atMost(LONGEST_PAUSE.plus(SLACK))
                .until(() -> answers.stream().anyMatch(answer -> answer.served() && answer.beganNanos() > backNanos));
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        over.set(true);
        for (Thread one : load) {
            one.join(5_000);
        }

        List<Answer> failed =
                answers.stream().filter(answer -> !answer.served()).toList();
        Duration longest =
                failed.stream().map(Answer::took).max(Duration::compareTo).orElseThrow();
        List<Answer> later = failed.stream()
                .filter(answer -> answer.beganNanos() > killedNanos + SLACK.toNanos()
                        && answer.endedNanos() < backNanos - SLACK.toNanos())
                .toList();
        Duration longestLater =
                later.stream().map(Answer::took).max(Duration::compareTo).orElseThrow();
        long firstServedNanos = answers.stream()
                .filter(answer -> answer.served() && answer.endedNanos() > backNanos)
                .mapToLong(Answer::endedNanos)
                .min()
                .orElseThrow();
        LOG.info(
                "{} with min_size {}: {} requests failed, the longest after {} ms, later ones after {} ms at most; served"
                        + " again {} ms after the server",
                provider,
                minSize,
                failed.size(),
                longest.toMillis(),
                longestLater.toMillis(),
                (firstServedNanos - backNanos) / 1_000_000);
        assertThat(longest).isLessThan(SLACK);
        assertThat(longestLater).isLessThan(Duration.ofSeconds(1));
        assertThat(later).isNotEmpty().allSatisfy(answer -> {
            PoolException refusal = answer.refusal();
            assertThat(refusal.failure()).isEqualTo(PoolFailure.DATABASE_DOWN);
            assertThat(refusal.nextAttemptIn())
                    .hasValueSatisfying(next -> assertThat(next).isLessThanOrEqualTo(LONGEST_PAUSE));
            assertThat(refusal.lastConnectFailure()).isPresent();
        });
        assertThat(failed).noneMatch(answer -> answer.beganNanos() > firstServedNanos + SLACK.toNanos() / 4);
    }

    @ParameterizedTest
    @CsvSource({"hikari,3", "r2dbc,3", "hikari,0", "r2dbc,0"})
    void thatFreezesCostsWhoAsksHisTimeoutAtMostAndIsBackSoonAfterItGoesOn(String provider, int minSize)
            throws Exception {
        Duration timeout = Duration.ofSeconds(3);
        Callable<String> request =
                requests(provider, PoolLimits.DEFAULTS.withSizes(minSize, 4).withTimeout(timeout));
        assertThat(ask(request).served()).isTrue();
        // What was used just now is lent unseen.
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);

        server().freeze();
        Answer first;
        Answer second;
        try {
            first = ask(request);
            PoolKey<?> key = registry.snapshot().pools().get(0).key();
            assertThat(registry.probe(key, Duration.ofMillis(500)).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(2));
            await().pollDelay(timeout).until(() -> true);
            second = ask(request);
        } finally {
            server().thaw();
        }
        long thawedNanos = System.nanoTime();

        LOG.info(
                "{}: {} ms, then {} ms",
                provider,
                first.took().toMillis(),
                second.took().toMillis());
        for (Answer answer : List.of(first, second)) {
            assertThat(answer.took()).isLessThan(timeout.plusSeconds(1));
            PoolException refusal = answer.refusal();
            assertThat(refusal.failure()).as(refusal.getMessage()).isEqualTo(PoolFailure.DATABASE_DOWN);
            assertThat(refusal.lastConnectFailure())
                    .hasValueSatisfying(last -> assertThat(last.kind()).isEqualTo(FailureKind.NO_ANSWER));
        }
        await().atMost(LONGEST_PAUSE.plus(SLACK)).until(() -> ask(request).served());
        LOG.info("{}: served again after {} ms", provider, (System.nanoTime() - thawedNanos) / 1_000_000);
    }
}
