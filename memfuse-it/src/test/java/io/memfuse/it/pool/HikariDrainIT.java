package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.it.Backends;
import io.memfuse.it.TestDatabase;
import io.memfuse.it.fault.FaultProxy;
import io.memfuse.it.fault.Network;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Closing a pool that is in use. */
@Timeout(60)
class HikariDrainIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final Pools POOLS = new Pools();

    private static final Executor THREADS = task -> new Thread(task, "test").start();

    private final PoolHandle<DataSource> pool =
            POOLS.open(DATABASE.spec().limits(Pools.LIMITS.withSizes(1, 1).withTimeout(Duration.ofSeconds(30))));

    @AfterEach
    void leavesNothingOnTheServer() {
        assertThat(pool.close(Duration.ZERO)).isNotNull();
        await().untilAsserted(() -> assertThat(DATABASE.backends().all()).isEmpty());
    }

    private CompletableFuture<DrainReport> close(Duration timeout) {
        return CompletableFuture.supplyAsync(() -> pool.close(timeout), THREADS);
    }

    private CompletableFuture<Throwable> borrow() {
        return CompletableFuture.supplyAsync(() -> catchThrowable(pool.resource()::getConnection), THREADS);
    }

    @Test
    void waitsForABorrowedConnection() throws SQLException {
        CompletableFuture<DrainReport> closing;
        try (Connection connection = pool.resource().getConnection()) {
            closing = close(Duration.ofSeconds(30));
            await().untilAsserted(() -> assertThatThrownBy(pool.resource()::getConnection)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasCauseInstanceOf(PoolClosedException.class));
            assertThat(Pools.query(connection, "SELECT 'still there'")).isEqualTo("still there");
            assertThat(closing).isNotDone();
        }

        DrainReport report = closing.orTimeout(5, TimeUnit.SECONDS).join();

        assertThat(report.drained()).isTrue();
    }

    @Test
    void cutsOffAStatementThatRunsBeyondTheDeadline() throws SQLException {
        Connection connection = pool.resource().getConnection();
        CompletableFuture<Throwable> running = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> Pools.execute(connection, "SELECT pg_sleep(60)")), THREADS);
        await().untilAsserted(() -> assertThat(DATABASE.backends().all())
                .extracting(Backends.Backend::state)
                .containsExactly("active"));

        DrainReport report = pool.close(Duration.ofMillis(100));

        assertThat(report.aborted()).hasSize(1);
        assertThat(report.took()).isBetween(Duration.ofMillis(100), Duration.ofSeconds(3));
        assertThat(running.orTimeout(5, TimeUnit.SECONDS).join()).isInstanceOf(SQLException.class);
        await().atMost(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(DATABASE.backends().all()).isEmpty());
        connection.close();
        assertThat(connection.isClosed()).isTrue();
    }

    @Test
    void cutsOffABorrowerThatDoesNothing() throws SQLException {
        Connection connection = pool.resource().getConnection();
        Pools.execute(connection, "BEGIN");

        assertThat(pool.close(Duration.ZERO).aborted()).hasSize(1);

        assertThatThrownBy(() -> Pools.execute(connection, "SELECT 1")).isInstanceOf(SQLException.class);
        connection.close();
    }

    @Test
    void sendsAwayThoseWhoWaitThoughSomeoneHoldsOn() throws SQLException {
        CompletableFuture<DrainReport> closing;
        try (Connection connection = pool.resource().getConnection()) {
            List<CompletableFuture<Throwable>> waiters = List.of(borrow(), borrow());
            await().untilAsserted(() -> assertThat(pool.stats().waiting()).isEqualTo(2));

            closing = close(Duration.ofSeconds(30));

            for (CompletableFuture<Throwable> waiter : waiters) {
                assertThat(waiter.orTimeout(5, TimeUnit.SECONDS).join())
                        .isInstanceOf(SQLTransientConnectionException.class)
                        .hasCauseInstanceOf(PoolClosedException.class);
            }
            assertThat(closing).isNotDone();
            assertThat(Pools.query(connection, "SELECT 'still there'")).isEqualTo("still there");
        }
        assertThat(closing.orTimeout(5, TimeUnit.SECONDS).join().drained()).isTrue();
    }

    @Test
    void endsTheWaitingAndNotTheClosingWhenInterrupted() throws SQLException {
        Connection connection = pool.resource().getConnection();
        Thread.currentThread().interrupt();

        DrainReport report = pool.close(Duration.ofSeconds(30));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.aborted()).hasSize(1);
        assertThat(report.took()).isLessThan(Duration.ofSeconds(3));
        connection.close();
    }

    @Test
    void returnsTheSameReportToAllWhoClose() throws SQLException {
        CompletableFuture<DrainReport> first;
        CompletableFuture<DrainReport> second;
        try (Connection connection = pool.resource().getConnection()) {
            first = close(Duration.ofSeconds(30));
            second = close(Duration.ofSeconds(30));
            assertThat(connection.isValid(5)).isTrue();
        }

        assertThat(first.orTimeout(5, TimeUnit.SECONDS).join())
                .isSameAs(second.orTimeout(5, TimeUnit.SECONDS).join());
    }

    @Test
    void isNotHeldUpByAnAttemptToConnectThatGetsNoAnswer() {
        Duration timeout = Duration.ofSeconds(3);
        try (var proxy = FaultProxy.before(DATABASE.server())) {
            PoolHandle<DataSource> stalled = POOLS.open(DATABASE.spec()
                    .host(proxy.host())
                    .port(proxy.port())
                    .limits(Pools.LIMITS.withSizes(0, 2).withTimeout(timeout)));
            // None is left that the waiter could be given.
            stalled.evictIdle();
            proxy.be(Network.mute());
            CompletableFuture<Throwable> waiter =
                    CompletableFuture.supplyAsync(() -> catchThrowable(stalled.resource()::getConnection), THREADS);
            await().untilAsserted(() -> assertThat(proxy.connections()).isEqualTo(1));
            await().untilAsserted(() -> assertThat(stalled.stats().waiting()).isEqualTo(1));

            assertThat(stalled.close(Duration.ofSeconds(1)).took()).isLessThan(Duration.ofSeconds(1));

            assertThat(waiter.orTimeout(10, TimeUnit.SECONDS).join()).hasCauseInstanceOf(PoolClosedException.class);
            await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("memfuse-hikari") && name.contains(":" + proxy.port())));
        }
    }
}
