package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.it.TestDatabase;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What reactive borrowers do to a connection, and what the next one finds; beyond what every adapter promises. */
@Timeout(60)
class R2dbcBorrowersIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final R2dbcPools POOLS = new R2dbcPools();

    private PoolHandle<ConnectionFactory> pool = openSingle();

    private static PoolHandle<ConnectionFactory> openSingle() {
        try {
            return POOLS.open(DATABASE.spec("r2dbc").limits(R2dbcPools.LIMITS.withSizes(1, 1)));
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts", e);
        }
    }

    private Connection borrow() {
        return Reactive.await(pool.resource().create());
    }

    @BeforeEach
    void createTable() {
        DATABASE.execute("CREATE TABLE IF NOT EXISTS entries (n int); TRUNCATE entries");
    }

    @AfterEach
    void leftNothing() {
        Connection next = borrow();
        Reactive.run(Reactive.execute(next, "INSERT INTO entries VALUES (0)"));
        Reactive.run(next.close());
        assertThat(DATABASE.query("SELECT string_agg(n::text, ',') FROM entries"))
                .isEqualTo("0");
        assertThat(pool.stats().active()).isZero();
    }

    /** As {@code Mono.from} does: cancels after the first result, whose answer then ends before the server's does. */
    @Test
    void whoReadsOneResultAndClosesAtOnceLeavesNoTransaction() {
        int first = pid();
        for (int i = 0; i < 50; i++) {
            Mono<Void> use = Mono.usingWhen(
                    pool.resource().create(),
                    connection -> Mono.from(connection.createStatement("BEGIN").execute())
                            .flatMap(result -> Mono.from(result.getRowsUpdated()))
                            .then(Mono.from(connection
                                            .createStatement("INSERT INTO entries VALUES (1)")
                                            .execute())
                                    .flatMap(result -> Mono.from(result.getRowsUpdated())))
                            .then(),
                    Connection::close);
            Reactive.run(use);
        }
        assertThat(pid()).isEqualTo(first);
    }

    @Test
    void whoClosesWhileResultsAreUnreadLeavesNoTransaction() {
        Connection connection = borrow();
        Reactive.run(Reactive.execute(connection, "BEGIN"));
        Flux.from(connection.createStatement("INSERT INTO entries VALUES (1)").execute())
                .subscribe(result -> Mono.from(connection.close()).subscribe(), failure -> {});

        await().until(() -> pool.stats().active() == 0);
    }

    @Test
    void whoCancelsBeforeTheAnswerLeavesNoTransaction() {
        for (int i = 0; i < 50; i++) {
            Connection connection = borrow();
            Flux.from(connection
                            .createStatement("BEGIN; INSERT INTO entries VALUES (1)")
                            .execute())
                    .subscribe(result -> {}, failure -> {})
                    .dispose();
            Reactive.run(connection.close());
        }
    }

    @Test
    void aStatementThatIsLeftRunningIsCancelledOnTheServerAndItsConnectionReplaced() {
        int first = pid();
        Connection connection = borrow();
        Flux.from(connection.createStatement("SELECT pg_sleep(60)").execute())
                .subscribe(result -> {}, failure -> {})
                .dispose();

        Reactive.run(connection.close());

        await().untilAsserted(() -> assertThat(DATABASE.backends().pids()).doesNotContain(first));
        assertThat(pid()).isNotEqualTo(first);
    }

    @Test
    void isClosedOnceAndValidNoMore() {
        Connection connection = borrow();
        assertThat(Reactive.await(connection.validate(ValidationDepth.REMOTE))).isTrue();

        Reactive.run(connection.close());
        Reactive.run(connection.close());

        assertThat(Reactive.await(connection.validate(ValidationDepth.LOCAL))).isFalse();
        assertThat(Reactive.await(connection.validate(ValidationDepth.REMOTE))).isFalse();
        assertThatThrownBy(() -> connection.createStatement("SELECT 1"))
                .isInstanceOf(R2dbcException.class)
                .hasMessageContaining("given back");
        assertThatThrownBy(() -> Reactive.run(connection.beginTransaction())).isInstanceOf(R2dbcException.class);
    }

    @Test
    void aStatementIsNotExecutedAfterItsConnectionWasGivenBack() {
        Connection connection = borrow();
        var kept = connection.createStatement("INSERT INTO entries VALUES (1)");
        Reactive.run(connection.close());

        assertThatThrownBy(() -> Reactive.run(Flux.from(kept.execute()).flatMap(Result::getRowsUpdated)))
                .isInstanceOf(R2dbcException.class);
    }

    @Test
    void lockAndStatementTimeoutsAreThoseOfTheSettingsAgain() {
        Connection connection = borrow();
        Reactive.run(connection.setLockWaitTimeout(Duration.ofSeconds(3)));
        Reactive.run(connection.setStatementTimeout(Duration.ofSeconds(4)));
        assertThat(Reactive.await(Reactive.query(connection, "SHOW statement_timeout")))
                .isEqualTo("4s");
        Reactive.run(connection.close());

        Connection next = borrow();
        assertThat(Reactive.await(Reactive.query(next, "SHOW statement_timeout")))
                .isEqualTo("1min");
        assertThat(Reactive.await(Reactive.query(next, "SHOW lock_timeout"))).isEqualTo("0");
        Reactive.run(next.close());
    }

    /** As in {@code beginTransaction(SERIALIZABLE)}, another level for the next ones, {@code COMMIT}. */
    @Test
    void theLevelOfATransactionIsNotTakenForTheSessions() {
        Connection connection = borrow();
        Reactive.run(connection.beginTransaction(IsolationLevel.SERIALIZABLE));
        Reactive.run(connection.setTransactionIsolationLevel(IsolationLevel.REPEATABLE_READ));
        Reactive.run(connection.commitTransaction());
        Reactive.run(connection.close());

        assertSessionIsReadCommitted();
    }

    @Test
    void whatIsSetOnTheDriversOwnConnectionStaysWithItsBorrower() {
        Connection connection = borrow();
        PostgresqlConnection driver = ((Wrapped<?>) connection).unwrap(PostgresqlConnection.class);
        Reactive.run(driver.setTransactionIsolationLevel(IsolationLevel.SERIALIZABLE));
        Reactive.run(driver.setStatementTimeout(Duration.ofSeconds(4)));
        Flux.from(driver.createStatement("BEGIN; INSERT INTO entries VALUES (1)")
                        .execute())
                .subscribe(result -> {}, failure -> {})
                .dispose();
        Reactive.run(connection.close());

        assertSessionIsReadCommitted();
        Connection next = borrow();
        assertThat(Reactive.await(Reactive.query(next, "SHOW statement_timeout")))
                .isEqualTo("1min");
        Reactive.run(next.close());
    }

    private void assertSessionIsReadCommitted() {
        Connection next = borrow();
        assertThat(next.getTransactionIsolationLevel()).isEqualTo(IsolationLevel.READ_COMMITTED);
        assertThat(Reactive.await(Reactive.query(next, "SHOW default_transaction_isolation")))
                .isEqualTo("read committed");
        assertThat(Reactive.await(Reactive.query(next, "SHOW transaction_isolation")))
                .isEqualTo("read committed");
        Reactive.run(next.close());
    }

    @Test
    void reachesTheDriverUnderThePool() {
        Connection connection = borrow();

        assertThat(connection).isInstanceOf(Wrapped.class);
        assertThat(((Wrapped<?>) connection).unwrap(PostgresqlConnection.class)).isNotNull();
        Reactive.run(connection.close());
    }

    @Test
    void connectionsThatTheServerEndsAreNoticedAndReplacedThoughNobodyBorrows() throws InterruptedException {
        PoolHandle<ConnectionFactory> four =
                POOLS.open(DATABASE.spec("r2dbc").limits(R2dbcPools.LIMITS.withSizes(4, 4)));
        four.warmUp(Duration.ofSeconds(10));
        pool.close(Duration.ZERO);
        Set<Integer> before = DATABASE.backends().pids();

        before.forEach(DATABASE.backends()::terminate);

        await().untilAsserted(
                        () -> assertThat(DATABASE.backends().pids()).hasSize(4).doesNotContainAnyElementsOf(before));
        pool = openSingle();
    }

    @Test
    void aLoginThatIsGivenUpLeavesNoSocket() throws IOException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> POOLS.open(DATABASE.spec("r2dbc")
                            .host("127.0.0.1")
                            .port(silent.getLocalPort())
                            .limits(R2dbcPools.LIMITS.withTimeout(Duration.ofMillis(400)))))
                    .isInstanceOf(PoolOpenException.class)
                    .hasMessageContaining("timed out");

            try (Socket client = silent.accept()) {
                client.setSoTimeout(5_000);
                assertThat(client.getInputStream().readAllBytes()).isNotEmpty(); // To its end.
            }
        }
    }

    @Test
    void neitherOpensNorBorrowsBeforeItIsSubscribedTo() {
        var subscribed = new AtomicInteger();
        Mono<? extends Connection> borrowing =
                Mono.from(pool.resource().create()).doOnSubscribe(s -> subscribed.incrementAndGet());

        assertThat(pool.stats().active()).isZero();
        Reactive.run(Reactive.await(borrowing).close());
        assertThat(subscribed).hasValue(1);
    }

    private int pid() {
        return Reactive.await(Mono.usingWhen(pool.resource().create(), Reactive::pid, Connection::close));
    }
}
