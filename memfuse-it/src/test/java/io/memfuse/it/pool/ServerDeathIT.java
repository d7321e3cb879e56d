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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    /** One pool on the server, in a registry of its own. All are struck at once, for the waiting is the same. */
    private static final class Subject implements AutoCloseable {

        final String name;
        final PoolRegistry registry = PoolRegistry.builder()
                .provider(new HikariPoolProvider())
                .provider(new R2dbcPoolProvider())
                .build();
        final Callable<String> request;
        final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

        Subject(String provider, int minSize, Duration timeout) {
            name = provider + " with min_size " + minSize;
            PoolSpec spec = PoolSpec.builder(provider, "postgres")
                    .host("localhost")
                    .port(MortalServer.get().port())
                    .user(EmbeddedPostgres.USER)
                    .password(Secret.of(EmbeddedPostgres.PASSWORD))
                    .limits(PoolLimits.DEFAULTS.withSizes(minSize, 4).withTimeout(timeout))
                    .build();
            request = provider.equals(HikariPoolProvider.NAME) ? jdbc(spec) : r2dbc(spec);
            assertThat(ask().served()).isTrue();
        }

        static List<Subject> all(Duration timeout) {
            return Stream.of("hikari", "r2dbc")
                    .flatMap(
                            provider -> Stream.of(new Subject(provider, 3, timeout), new Subject(provider, 0, timeout)))
                    .toList();
        }

        private Callable<String> jdbc(PoolSpec spec) {
            DataSource pool = registry.durable(registry.register(spec, DataSource.class));
            return () -> {
                try (Connection connection = pool.getConnection()) {
                    return Pools.query(connection, "SELECT 'served'");
                }
            };
        }

        private Callable<String> r2dbc(PoolSpec spec) {
            ConnectionFactory pool = registry.durable(registry.register(spec, ConnectionFactory.class));
            return () -> Reactive.await(Mono.usingWhen(
                    pool.create(),
                    connection -> Reactive.query(connection, "SELECT 'served'"),
                    io.r2dbc.spi.Connection::close));
        }

        Answer ask() {
            long beganNanos = System.nanoTime();
            @Nullable Throwable failure = null;
            try {
                assertThat(request.call()).isEqualTo("served");
            } catch (Exception e) {
                failure = e;
            }
            return new Answer(beganNanos, System.nanoTime(), failure);
        }

        void askUntil(AtomicBoolean over) {
            while (!over.get()) {
                Answer answer = ask();
                answers.add(answer);
                try {
                    Thread.sleep(answer.served() ? 0 : 20);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        @Override
        public void close() {
            registry.close(Duration.ZERO);
        }
    }

    @Test
    void thatIsKilledUnderLoadCostsNobodyMuchTimeAndIsBackSoonAfterItStartsAgain() throws Exception {
        List<Subject> subjects = Subject.all(Duration.ofSeconds(40));
        List<Thread> load = new ArrayList<>();
        var over = new AtomicBoolean();
        try {
            for (Subject subject : subjects) {
                for (int i = 0; i < 12; i++) {
                    load.add(new Thread(() -> subject.askUntil(over)));
                }
            }
            load.forEach(Thread::start);
            await().until(() -> subjects.stream().allMatch(subject -> subject.answers.size() > 500));

            long killedNanos = System.nanoTime();
            MortalServer.get().kill();
            await().pollDelay(Duration.ofSeconds(6)).until(() -> true);
            MortalServer.get().restart();
            long backNanos = System.nanoTime();
            for (Subject subject : subjects) {
                await(subject.name)
                        .atMost(LONGEST_PAUSE.plus(SLACK))
                        .until(() -> subject.answers.stream()
                                .anyMatch(answer -> answer.served() && answer.beganNanos() > backNanos));
            }
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            over.set(true);
            for (Thread one : load) {
                one.join(5_000);
            }
            subjects.forEach(subject -> wasRefusedAtOnceAndIsBack(subject, killedNanos, backNanos));
        } finally {
            over.set(true);
            subjects.forEach(Subject::close);
        }
    }

    private static void wasRefusedAtOnceAndIsBack(Subject subject, long killedNanos, long backNanos) {
        Queue<Answer> answers = subject.answers;
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
                "{}: {} requests failed, the longest after {} ms, later ones after {} ms at most; served again {} ms after"
                        + " the server",
                subject.name,
                failed.size(),
                longest.toMillis(),
                longestLater.toMillis(),
                (firstServedNanos - backNanos) / 1_000_000);
        assertThat(longest).as(subject.name).isLessThan(SLACK);
        assertThat(longestLater).as(subject.name).isLessThan(Duration.ofSeconds(1));
        assertThat(later).isNotEmpty().allSatisfy(answer -> {
            PoolException refusal = answer.refusal();
            assertThat(refusal.failure()).isEqualTo(PoolFailure.DATABASE_DOWN);
            assertThat(refusal.nextAttemptIn())
                    .hasValueSatisfying(next -> assertThat(next).isLessThanOrEqualTo(LONGEST_PAUSE));
            assertThat(refusal.lastConnectFailure()).isPresent();
        });
        assertThat(failed).noneMatch(answer -> answer.beganNanos() > firstServedNanos + SLACK.toNanos() / 4);
    }

    @Test
    void thatFreezesCostsWhoAsksHisTimeoutAtMostAndIsBackSoonAfterItGoesOn() throws Exception {
        List<Subject> subjects = Subject.all(Duration.ofSeconds(3));
        ExecutorService callers = Executors.newFixedThreadPool(subjects.size());
        try {
            // What was used just now is lent unseen.
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            List<Future<List<Answer>>> told;
            MortalServer.get().freeze();
            try {
                told = callers.invokeAll(subjects.stream()
                        .<Callable<List<Answer>>>map(subject -> () -> askOfAFrozenServer(subject))
                        .toList());
            } finally {
                MortalServer.get().thaw();
            }
            long thawedNanos = System.nanoTime();

            for (int i = 0; i < subjects.size(); i++) {
                Subject subject = subjects.get(i);
                for (Answer answer : told.get(i).get()) {
                    assertThat(answer.took()).as(subject.name).isLessThan(Duration.ofSeconds(4));
                    PoolException refusal = answer.refusal();
                    assertThat(refusal.failure()).as(refusal.getMessage()).isEqualTo(PoolFailure.DATABASE_DOWN);
                    assertThat(refusal.lastConnectFailure())
                            .hasValueSatisfying(last -> assertThat(last.kind()).isEqualTo(FailureKind.NO_ANSWER));
                }
            }
            for (Subject subject : subjects) {
                await(subject.name)
                        .atMost(LONGEST_PAUSE.plus(SLACK))
                        .until(() -> subject.ask().served());
                LOG.info("{}: served again after {} ms", subject.name, (System.nanoTime() - thawedNanos) / 1_000_000);
            }
        } finally {
            callers.shutdownNow();
            subjects.forEach(Subject::close);
        }
    }

    /** Returns the first answer, and one when it has been known for a while that nobody answers. */
    private static List<Answer> askOfAFrozenServer(Subject subject) {
        Answer first = subject.ask();
        PoolKey<?> key = subject.registry.snapshot().pools().get(0).key();
        assertThat(subject.registry.probe(key, Duration.ofMillis(500)).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(2));
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        Answer second = subject.ask();
        LOG.info(
                "{}: {} ms, then {} ms",
                subject.name,
                first.took().toMillis(),
                second.took().toMillis());
        return List.of(first, second);
    }
}
