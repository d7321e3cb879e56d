package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolHandle;
import io.memfuse.it.TestDatabase;
import io.r2dbc.spi.ConnectionFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** How long the borrower has waited who has waited longest. */
@Timeout(60)
class OldestWaiterIT {

    private static final Duration LOOKS = Duration.ofMillis(50);

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final Pools JDBC = new Pools();

    @RegisterExtension
    static final R2dbcPools R2DBC = new R2dbcPools();

    private static PoolHandle<DataSource> ofOne(Duration timeout) {
        return JDBC.open(DATABASE.spec().limits(Pools.LIMITS.withSizes(1, 1).withTimeout(timeout)));
    }

    private static CompletableFuture<Connection> waiter(PoolHandle<DataSource> pool) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return pool.resource().getConnection();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Looks again and again until the age is this at least; each time it is true. */
    private static void awaitAge(PoolHandle<?> pool, Duration age, long startNanos) {
        await().pollInterval(LOOKS).until(() -> {
            Duration found = pool.stats().oldestWaiterAge();
            assertThat(found).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - startNanos));
            return found.compareTo(age) >= 0;
        });
    }

    @Test
    void growsWhileAJdbcBorrowerWaitsAndIsThatOfTheNextAfterwards() throws Exception {
        PoolHandle<DataSource> pool = ofOne(Duration.ofSeconds(20));
        Connection held = pool.resource().getConnection();
        long firstNanos = System.nanoTime();
        CompletableFuture<Connection> first = waiter(pool);
        awaitAge(pool, Duration.ofMillis(800), firstNanos);

        long secondNanos = System.nanoTime();
        CompletableFuture<Connection> second = waiter(pool);
        await().until(() -> pool.stats().waiting() == 2);
        held.close();
        Connection served = first.get();
        awaitAge(pool, Duration.ofMillis(300), secondNanos);

        served.close();
        second.get().close();
        assertThat(pool.stats().oldestWaiterAge()).isZero();
    }

    @Test
    void isNotThatOfOneWhoGaveUp() throws Exception {
        PoolHandle<DataSource> pool = ofOne(Duration.ofSeconds(4));
        Connection held = pool.resource().getConnection();
        long firstNanos = System.nanoTime();
        CompletableFuture<Connection> first = waiter(pool);
        awaitAge(pool, Duration.ofMillis(500), firstNanos);
        await().until(first::isCompletedExceptionally);

        long nextNanos = System.nanoTime();
        CompletableFuture<Connection> next = waiter(pool);
        await().until(() -> pool.stats().waiting() == 1);
        awaitAge(pool, Duration.ofMillis(300), nextNanos);
        assertThatThrownBy(next::get).hasMessageContaining("PoolExhausted");
        held.close();
    }

    @Test
    void isKnownExactlyOfAReactiveBorrower() throws Exception {
        PoolHandle<ConnectionFactory> pool = R2DBC.open(
                DATABASE.spec("r2dbc").limits(R2dbcPools.LIMITS.withSizes(1, 1).withTimeout(Duration.ofSeconds(20))));
        io.r2dbc.spi.Connection held = Reactive.await(pool.resource().create());
        long startNanos = System.nanoTime();
        CompletableFuture<? extends io.r2dbc.spi.Connection> waiter =
                Mono.from(pool.resource().create()).toFuture();
        await().until(() -> pool.stats().waiting() == 1);
        long knownNanos = System.nanoTime();

        awaitAge(pool, Duration.ofMillis(300), startNanos);
        Duration sinceKnown = Duration.ofNanos(System.nanoTime() - knownNanos);
        assertThat(pool.stats().oldestWaiterAge()).isGreaterThanOrEqualTo(sinceKnown);

        Reactive.run(held.close());
        Reactive.run(waiter.get().close());
        assertThat(pool.stats().oldestWaiterAge()).isZero();
    }
}
