package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolFailure;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.RecordingListener;
import io.memfuse.core.time.Ticker;
import java.net.ConnectException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool that has no connection left, of a database that refuses. */
@Timeout(60)
class OutageTest {

    /** Much longer than anything here may take. */
    private static final PoolLimits LIMITS = PoolLimits.DEFAULTS.withTimeout(Duration.ofSeconds(50));

    private static final Duration SOON = Duration.ofSeconds(2);

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final RecordingListener listener = new RecordingListener();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile boolean refusing;

    private final SessionDriver driver = new SessionDriver() {
        @Override
        public Connection connect() throws SQLException {
            attempts.incrementAndGet();
            if (refusing) {
                throw new SQLException("refused on purpose", "08001", new ConnectException("refused on purpose"));
            }
            return new StubConnection(open);
        }

        @Override
        public boolean inTransaction(Connection connection) {
            return false;
        }

        @Override
        public String name(Connection connection) {
            return "stub";
        }

        @Override
        public void cancel(Connection connection) {}
    };

    @BeforeEach
    void forgetWhatIsCancelled() {
        scheduler.setRemoveOnCancelPolicy(true);
    }

    @AfterEach
    void shutDown() {
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    private PoolHandle<DataSource> open(int minSize, int maxSize) throws Exception {
        PoolSpec spec = PoolSpec.builder(HikariPoolProvider.NAME, "orders")
                .limits(LIMITS.withSizes(minSize, maxSize))
                .build();
        return new HikariPoolProvider((of, key) -> driver)
                .open(
                        spec,
                        new PoolContext(
                                PoolKey.of(spec, DataSource.class), listener, scheduler, executor, Ticker.system()));
    }

    private PoolException refusal(PoolHandle<DataSource> pool) {
        return refusal(catchThrowable(() -> pool.resource().getConnection()));
    }

    private static PoolException refusal(Throwable failure) {
        assertThat(failure).isInstanceOf(SQLException.class).hasCauseInstanceOf(PoolException.class);
        return (PoolException) Objects.requireNonNull(failure.getCause());
    }

    private void goDown(PoolHandle<DataSource> pool) {
        refusing = true;
        pool.softEvict();
        await().until(() -> open.get() == 0);
    }

    @Test
    void aPoolThatIsClosedTriesNothingWhenItsLastConnectionGoes() throws Exception {
        PoolHandle<DataSource> pool = open(0, 2);
        try (Connection lent = pool.resource().getConnection()) {
            refusing = true;
            executor.execute(() -> refusal(pool));
            await().until(() -> listener.events().contains("connectFailed"));

            pool.close(Duration.ZERO);

            assertThat(open).hasValue(0);
            assertThat(lent).isNotNull();
        }
        // No attempt is scheduled, nor the next, however long that is.
        await().during(Duration.ofMillis(600)).until(() -> scheduler.getQueue().isEmpty());
    }

    @Test
    void whoWaitsBesideOneThatIsLentIsSentAwayWhenThePoolIsClosedAtOnce() throws Exception {
        PoolHandle<DataSource> pool = open(0, 2);
        try (Connection lent = pool.resource().getConnection()) {
            refusing = true;
            CompletableFuture<PoolException> waiter = CompletableFuture.supplyAsync(() -> refusal(pool), executor);
            await().until(() -> listener.events().contains("connectFailed"));
            assertThat(waiter).as("a connection may come back").isNotDone();

            pool.close(Duration.ZERO);

            assertThat(waiter)
                    .succeedsWithin(SOON)
                    .extracting(PoolException::failure)
                    .isEqualTo(PoolFailure.DRAINING);
            assertThat(lent).isNotNull();
        }
    }

    @Test
    void whoAsksIsRefusedAsSoonAsAnAttemptHasFailedAndThenWithoutOne() throws Exception {
        PoolHandle<DataSource> pool = open(0, 4);
        goDown(pool);

        long startNanos = System.nanoTime();
        PoolException first = refusal(pool);
        int made = attempts.get();
        List<PoolException> next = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            next.add(refusal(pool));
        }

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(SOON);
        assertThat(first.failure()).isEqualTo(PoolFailure.DATABASE_DOWN);
        assertThat(first.lastConnectFailure())
                .hasValueSatisfying(last -> assertThat(last.kind()).isEqualTo(FailureKind.UNREACHABLE));
        assertThat(next).allSatisfy(failure -> {
            assertThat(failure.failure()).isEqualTo(PoolFailure.DATABASE_DOWN);
            assertThat(failure.nextAttemptIn())
                    .hasValueSatisfying(in -> assertThat(in).isLessThanOrEqualTo(Outage.LONGEST_PAUSE));
            assertThat(failure).hasMessageContaining("refused on purpose").hasMessageContaining("next attempt in ");
        });
        assertThat(attempts.get() - made).isLessThanOrEqualTo(4); // Those that are made whether or not anybody asks.
        assertThat(listener.events()).doesNotContain("timedOut", "acquired");
        pool.close(Duration.ZERO);
    }

    @Test
    void allWhoWaitAreSentAwayWhenTheLastConnectionIsGone() throws Exception {
        PoolHandle<DataSource> pool = open(1, 2);
        List<Connection> held =
                List.of(pool.resource().getConnection(), pool.resource().getConnection());
        List<CompletableFuture<Throwable>> waiting = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            waiting.add(CompletableFuture.supplyAsync(
                    () -> catchThrowable(() -> pool.resource().getConnection()), executor));
        }
        await().until(() -> pool.stats().waiting() == 60);
        refusing = true;
        pool.softEvict();

        long startNanos = System.nanoTime();
        for (Connection connection : held) {
            connection.close();
        }

        for (CompletableFuture<Throwable> one : waiting) {
            PoolException failure = refusal(one.get(10, TimeUnit.SECONDS));
            assertThat(failure.failure()).isEqualTo(PoolFailure.DATABASE_DOWN);
            assertThat(failure.waited()).isPositive();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(SOON);
        assertThat(pool.stats().waiting()).isZero();
        pool.close(Duration.ZERO);
    }

    @Test
    void thePoolIsBackAtItsMinimumByItselfAndKeepsNoFarewell() throws Exception {
        PoolHandle<DataSource> pool = open(3, 4);
        goDown(pool);
        assertThat(refusal(pool).failure()).isEqualTo(PoolFailure.DATABASE_DOWN);

        refusing = false;

        await().atMost(Outage.LONGEST_PAUSE.plus(SOON))
                .untilAsserted(() -> assertThat(pool.stats().idle()).isEqualTo(3));
        assertThat(open).hasValue(3);
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(pool.resource().getConnection());
        }
        assertThat(all)
                .allSatisfy(connection -> assertThat(connection.isClosed()).isFalse());
        for (Connection connection : all) {
            connection.close();
        }
        pool.close(Duration.ZERO);
        assertThat(open).hasValue(0);
    }

    @Test
    void attemptsGoOnThoughNobodyAsksAndEndWithThePool() throws Exception {
        PoolHandle<DataSource> pool = open(0, 1);
        goDown(pool);
        assertThat(refusal(pool).failure()).isEqualTo(PoolFailure.DATABASE_DOWN);
        int made = attempts.get();
        await().until(() -> attempts.get() >= made + 2);

        DrainReport report = pool.close(Duration.ofSeconds(5));

        assertThat(report.took()).isLessThan(SOON);
        assertThat(refusal(pool).failure()).isEqualTo(PoolFailure.DRAINING);
        int last = attempts.get();
        await().pollDelay(Duration.ofSeconds(1)).until(() -> attempts.get() == last);
    }

    @Test
    void aConnectionThatIsLentIsWaitedForThoughNoOtherCanBeMade() throws Exception {
        PoolHandle<DataSource> pool = open(0, 2);
        Connection held = pool.resource().getConnection();
        refusing = true;
        CompletableFuture<Connection> waiter = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return pool.resource().getConnection();
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                },
                executor);
        await().until(() -> listener.events().contains("connectFailed"));

        held.close();

        waiter.get(5, TimeUnit.SECONDS).close();
        pool.close(Duration.ZERO);
    }
}
