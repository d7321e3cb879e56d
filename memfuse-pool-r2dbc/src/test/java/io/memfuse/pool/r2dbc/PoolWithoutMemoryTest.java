package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.TIMEOUT;
import static io.memfuse.pool.r2dbc.PoolFixture.borrow;
import static io.memfuse.pool.r2dbc.PoolFixture.close;
import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolHandle;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** No connection and no place for one is lost though there is no memory where one comes or goes. */
@Timeout(30)
class PoolWithoutMemoryTest {

    private final PoolFixture fixture = new PoolFixture();

    @Test
    void aConnectionThatCannotJoinIsCutOffAndItsPlaceIsFree() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        Borrower first = borrow(pool);
        fixture.driver.byHand();
        Borrower waiting = borrow(pool);

        fixture.driver.succeed(session -> session.failsToBeWatched = true);

        assertThat(fixture.driver.connected()).isEqualTo(1);
        assertThat(pool.stats().total()).isEqualTo(1);
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.driver.succeed();
        assertThat(waiting.isServed()).isTrue();
        close(first);
        close(waiting);
        assertThat(pool.stats().idle()).isEqualTo(2);
    }

    @Test
    void aConnectionThatCannotSayGoodByeIsCutOffAndItsPlaceIsFree() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        Borrower borrower = borrow(pool);
        fixture.driver.youngest().failsToClose = true;
        pool.softEvict();

        close(borrower);

        assertThat(fixture.driver.connected()).isZero();
        Borrower next = borrow(pool);
        assertThat(next.isServed()).isTrue();
        close(next);
        assertThat(pool.close(TIMEOUT).drained()).isTrue();
        assertThat(fixture.driver.connected()).isZero();
    }

    @Test
    void aLoginThatTheDriverCannotBeginCostsNoPlace() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        borrow(pool);
        fixture.driver.failsToConnect = true;
        Borrower waiting = borrow(pool);
        fixture.driver.failsToConnect = false;

        fixture.time.advance(Duration.ofSeconds(1));

        assertThat(waiting.isServed()).isTrue();
    }

    @Test
    void aLoginThatFailsFatallyWhereItIsSubscribedToCostsNoPlaceAndNoTime() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        borrow(pool);
        fixture.driver.failsWhenSubscribed = true;
        Borrower waiting = borrow(pool);
        fixture.driver.failsWhenSubscribed = false;

        fixture.time.advance(Duration.ofSeconds(1));

        assertThat(waiting.isServed()).isTrue();
    }

    @Test
    void aConnectionOfWhichThePoolCannotBeToldIsCutOffAndItsPlaceIsFree() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        borrow(pool);
        fixture.driver.byHand();
        Borrower waiting = borrow(pool);

        fixture.driver.succeed(session -> fixture.clockFailsAt(1));

        assertThat(fixture.driver.connected()).isEqualTo(1);
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.driver.succeed();
        assertThat(waiting.isServed()).isTrue();
    }

    @Test
    void aConnectionThatCannotBeCleanedForLackOfMemoryIsCutOffAndItsBorrowerIsDone() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        Borrower borrower = borrow(pool);
        fixture.driver.youngest().failsToSync = true;
        ((Wrapped<?>) borrower.connection()).unwrap();

        Mono.from(borrower.connection().close()).block(Duration.ofSeconds(5));

        assertThat(fixture.driver.connected()).isZero();
        assertThat(borrow(pool).isServed()).isTrue();
    }

    @Test
    void aConnectionThatCannotBeCheckedForLackOfMemoryIsCutOffAndItsPlaceIsFree() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        close(borrow(pool));
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.driver.youngest().connection.failsToValidate = true;

        Borrower borrower = borrow(pool);

        assertThat(borrower.isServed()).isTrue();
        assertThat(fixture.driver.sessions()).hasSize(2);
        assertThat(fixture.driver.connected()).isEqualTo(1);
    }
}
