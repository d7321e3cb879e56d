package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.borrow;
import static io.memfuse.pool.r2dbc.PoolFixture.close;
import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolHandle;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** What a borrower left is undone before the next has the connection. In time that the test lets pass. */
@Timeout(30)
class GivingBackTest {

    private final PoolFixture fixture = new PoolFixture();

    @Test
    void nothingIsAskedOfTheServerIfNothingWasChanged() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);

        close(borrow(pool));

        assertThat(fixture.driver.sessions().get(0).asked()).isEmpty();
    }

    @Test
    void whatWasChangedIsUndoneBeforeTheNextGetsIt() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        Borrower borrower = borrow(pool);
        fixture.driver.sessions().get(0).inTransaction = true;
        Mono.from(borrower.connection().setTransactionIsolationLevel(IsolationLevel.SERIALIZABLE))
                .block();
        Mono.from(borrower.connection().setStatementTimeout(Duration.ofSeconds(1)))
                .block();
        Mono.from(borrower.connection().setLockWaitTimeout(Duration.ofSeconds(1)))
                .block();

        close(borrower);

        assertThat(fixture.driver.sessions().get(0).asked())
                .containsExactly("rollback", "reset lock_timeout", "reset statement_timeout");
        assertThat(borrow(pool).connection().getTransactionIsolationLevel()).isEqualTo(IsolationLevel.READ_COMMITTED);
    }

    @Test
    void theIsolationLevelOfATransactionStaysWithItsBorrower() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        Borrower borrower = borrow(pool);
        Mono.from(borrower.connection().beginTransaction(IsolationLevel.SERIALIZABLE))
                .block();

        close(borrower);

        Borrower next = borrow(pool);
        assertThat(next.connection().getTransactionIsolationLevel()).isEqualTo(IsolationLevel.READ_COMMITTED);
        Mono.from(next.connection().beginTransaction(IsolationLevel.SERIALIZABLE))
                .block();
        Mono.from(next.connection().setTransactionIsolationLevel(IsolationLevel.REPEATABLE_READ))
                .block();
        close(next);
        assertThat(borrow(pool).connection().getTransactionIsolationLevel()).isEqualTo(IsolationLevel.READ_COMMITTED);
    }

    @Test
    void aTransactionIsRolledBackOnlyIfThereIsOne() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        Borrower borrower = borrow(pool);
        Mono.from(borrower.connection().setLockWaitTimeout(Duration.ofSeconds(1)))
                .block();

        close(borrower);

        assertThat(fixture.driver.sessions().get(0).asked()).containsExactly("reset lock_timeout");
    }

    @Test
    void whatWasExecutedThroughTheDriverItselfIsWaitedForAndUndone() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        Borrower borrower = borrow(pool);

        assertThat(((Wrapped<?>) borrower.connection()).unwrap()).isInstanceOf(FakeConnection.class);
        close(borrower);

        assertThat(fixture.driver.sessions().get(0).asked())
                .containsExactly("sync", "reset lock_timeout", "reset statement_timeout");
    }

    @Test
    void whatHasNotBeenSentYetIsNotSentOnTheNextBorrowersConnection() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        Borrower borrower = borrow(pool);
        Borrower waiting = borrow(pool);
        FakeSession session = fixture.driver.sessions().get(0);
        session.connection.beforeSending = () -> close(borrower);

        Mono.from(borrower.connection().beginTransaction()).block();

        assertThat(session.connection.sent).hasValue(1);
        assertThat(session.isConnected()).isFalse();
        assertThat(waiting.isServed()).isTrue();
        assertThat(fixture.driver.sessions()).hasSize(2);
    }

    @Test
    void aCallThatTheDriverRefusesIsToldAndCostsNoConnection() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        Borrower borrower = borrow(pool);

        assertThat(Mono.from(borrower.connection().setStatementTimeout(ChronoUnit.FOREVER.getDuration()))
                        .materialize()
                        .block())
                .satisfies(signal -> assertThat(signal.getThrowable()).isInstanceOf(ArithmeticException.class));
        close(borrower);

        assertThat(fixture.driver.sessions()).hasSize(1);
        assertThat(pool.stats().idle()).isEqualTo(1);
    }

    @Test
    void aConnectionThatCannotBeCleanedIsCutOffAndReplaced() {
        PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
        Borrower borrower = borrow(pool);
        FakeSession session = fixture.driver.sessions().get(0);
        session.inTransaction = true;
        session.silent = true;

        close(borrower);
        assertThat(pool.stats().active()).isEqualTo(1);
        fixture.time.advance(Cleaning.LIMIT);
        fixture.time.advance(Cleaning.LIMIT);

        assertThat(session.asked()).containsExactly("rollback", "cancel");
        assertThat(session.isConnected()).isFalse();
        assertThat(pool.stats().idle()).isEqualTo(1);
        assertThat(fixture.driver.sessions()).hasSize(2);
    }

    @Test
    void twiceIsAsOnce() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        Borrower borrower = borrow(pool);

        close(borrower);
        close(borrower);
        Borrower next = borrow(pool);
        close(borrower);

        assertThat(next.isServed()).isTrue();
        assertThat(pool.stats().active()).isEqualTo(1);
        assertThat(fixture.listener.events()).containsExactly("connected", "acquired", "released", "acquired");
    }

    @Test
    void isOverForTheBorrower() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        Borrower borrower = borrow(pool);
        close(borrower);

        assertThat(Mono.from(borrower.connection().validate(ValidationDepth.LOCAL))
                        .block())
                .isFalse();
        assertThat(Mono.from(borrower.connection().beginTransaction())
                        .materialize()
                        .block())
                .satisfies(signal -> assertThat(signal.getThrowable())
                        .hasMessageContaining(":5432/orders: this connection was given back to its pool"));
    }
}
