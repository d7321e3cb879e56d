package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DurableDataSourceTest {

    private static final PoolKey<DataSource> KEY =
            PoolKey.of(PoolSpec.builder("hikari", "orders").build(), DataSource.class);

    private final AtomicLong nowNanos = new AtomicLong();
    private final Connection connection = new FakeJdbc().connect();
    private final Queue<DataSource> pools = new ArrayDeque<>();
    private @Nullable DataSource open;
    private final DataSource durable = new DurableDataSource(new Route(), nowNanos::get);

    private final class Route implements PoolRoute<DataSource> {

        @Override
        public PoolKey<DataSource> key() {
            return KEY;
        }

        @Override
        public @Nullable DataSource ifOpen() {
            return open;
        }

        /** The last one stays. */
        @Override
        public DataSource current() {
            return pools.size() > 1 ? pools.remove() : pools.element();
        }

        @Override
        public CompletionStage<DataSource> whenOpen() {
            return CompletableFuture.completedStage(current());
        }
    }

    private interface Lending {
        Connection lend() throws SQLException;
    }

    private static DataSource pool(Lending lending) {
        return new PlainDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return lending.lend();
            }
        };
    }

    private static DataSource failing(PoolException failure) {
        return pool(() -> {
            throw SqlExceptions.of(failure);
        });
    }

    @Test
    void lendsFromThePoolOfTheMoment() throws SQLException {
        pools.add(pool(() -> connection));

        assertThat(durable.getConnection()).isSameAs(connection);
    }

    @Test
    void asksForTheNextWhenTheOpenPoolDrains() throws SQLException {
        open = failing(PoolClosedException.drained(KEY));
        pools.add(pool(() -> connection));

        assertThat(durable.getConnection()).isSameAs(connection);
    }

    @Test
    void asksAgainWhenThePoolDrains() throws SQLException {
        pools.add(failing(PoolClosedException.drained(KEY)));
        pools.add(failing(PoolClosedException.drained(KEY)));
        pools.add(pool(() -> connection));

        assertThat(durable.getConnection()).isSameAs(connection);
    }

    @Test
    void givesUpInTimeWhenNoOtherPoolComes() {
        Duration timeout = PoolLimits.DEFAULTS.timeout();
        pools.add(pool(() -> {
            nowNanos.addAndGet(timeout.dividedBy(3).toNanos());
            throw SqlExceptions.of(PoolClosedException.drained(KEY));
        }));

        assertThatThrownBy(durable::getConnection)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasCauseInstanceOf(PoolClosedException.class);
        assertThat(Duration.ofNanos(nowNanos.get())).isBetween(timeout, timeout.multipliedBy(2));
    }

    @Test
    void waitsForTheNextPoolWithTheTimeThatIsLeft() {
        Duration left = Duration.ofMillis(50);
        DataSource drained = pool(() -> {
            nowNanos.addAndGet(PoolLimits.DEFAULTS.timeout().minus(left).toNanos());
            throw SqlExceptions.of(PoolClosedException.drained(KEY));
        });

        assertThatThrownBy(new DurableDataSource(new StuckRoute(drained), nowNanos::get)::getConnection)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasCauseInstanceOf(PoolTimeoutException.class)
                .hasMessageContaining("[MemFuse/PoolOpening] " + KEY);
    }

    @Test
    void isInterruptedWhileItWaitsForTheNextPool() {
        DataSource drained = pool(() -> {
            Thread borrower = Thread.currentThread();
            CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(borrower::interrupt);
            throw SqlExceptions.of(PoolClosedException.drained(KEY));
        });

        assertThatThrownBy(new DurableDataSource(new StuckRoute(drained), nowNanos::get)::getConnection)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasCauseInstanceOf(PoolInterruptedException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void givesUpWhenInterrupted() {
        pools.add(failing(PoolClosedException.drained(KEY)));
        Thread.currentThread().interrupt();

        assertThatThrownBy(durable::getConnection).isInstanceOf(SQLTransientConnectionException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void passesOnAnyOtherFailureOfThePool() {
        var failure = new SQLException("none free", "08001");
        pools.add(pool(() -> {
            throw failure;
        }));

        assertThatThrownBy(durable::getConnection).isSameAs(failure);
    }

    @Test
    void dressesAFailureOfTheRouteAsOneThatMayPass() {
        var failure = PoolOpenException.attemptFailed(
                KEY, FailureKind.BAD_CREDENTIALS, "no", Duration.ZERO, new SQLException("no", "28P01"));
        DataSource failed = new DurableDataSource(new FailingRoute(failure), nowNanos::get);

        assertThatThrownBy(failed::getConnection)
                .isInstanceOfSatisfying(
                        SQLTransientConnectionException.class,
                        e -> assertThat(e.getSQLState()).isEqualTo("28P01"))
                .hasMessage(failure.getMessage())
                .hasCause(failure);
    }

    @Test
    void dressesAFailureOfTheRouteAsOneThatDoesNotPass() {
        var failure = PoolClosedException.registryClosed(KEY);
        DataSource failed = new DurableDataSource(new FailingRoute(failure), nowNanos::get);

        assertThatThrownBy(failed::getConnection)
                .isInstanceOf(SQLNonTransientConnectionException.class)
                .hasMessage(failure.getMessage())
                .hasCause(failure);
    }

    @Test
    void logsInWithNobodyElsesPassword() {
        assertThatThrownBy(() -> durable.getConnection("somebody", "else"))
                .isInstanceOf(SQLFeatureNotSupportedException.class);
    }

    /** The next pool never comes. */
    private record StuckRoute(DataSource first) implements PoolRoute<DataSource> {

        @Override
        public PoolKey<DataSource> key() {
            return KEY;
        }

        @Override
        public DataSource current() {
            return first;
        }

        @Override
        public CompletionStage<DataSource> whenOpen() {
            return new CompletableFuture<>();
        }
    }

    private record FailingRoute(PoolException failure) implements PoolRoute<DataSource> {

        @Override
        public PoolKey<DataSource> key() {
            return KEY;
        }

        @Override
        public DataSource current() {
            throw failure;
        }

        @Override
        public CompletionStage<DataSource> whenOpen() {
            return CompletableFuture.failedStage(failure);
        }
    }
}
