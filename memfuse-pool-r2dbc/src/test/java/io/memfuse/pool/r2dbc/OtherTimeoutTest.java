package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.TIMEOUT;
import static io.memfuse.pool.r2dbc.PoolFixture.borrow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolHandle;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A timeout that changes while the pool runs. */
class OtherTimeoutTest {

    private final PoolFixture fixture = new PoolFixture();

    @Test
    void holdsForWhoeverAsksFromThenOn() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        borrow(pool);
        pool.setTimeout(Duration.ofSeconds(3));
        Borrower waiting = borrow(pool);

        fixture.time.advance(Duration.ofMillis(2_999));
        assertThat(waiting.failure()).isNull();
        fixture.time.advance(Duration.ofMillis(1));
        assertThat(waiting.failure()).hasMessageContaining("no connection became free within 3.0 s");
    }

    @Test
    void thatIsShorterEndsTheWaitOfThoseWhoWaitAlready() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        borrow(pool);
        Borrower waiting = borrow(pool);
        fixture.time.advance(Duration.ofSeconds(2));

        pool.setTimeout(Duration.ofSeconds(3));
        fixture.time.advance(Duration.ofSeconds(1));
        assertThat(waiting.failure()).hasMessageContaining("no connection became free within 3.0 s");

        Borrower longer = borrow(pool);
        fixture.time.advance(Duration.ofSeconds(2));
        pool.setTimeout(Duration.ofSeconds(1));
        assertThat(longer.failure()).as("over already").isNotNull();
    }

    @Test
    void thatIsLongerLetsThoseWhoWaitAlreadyWaitOn() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        borrow(pool);
        Borrower waiting = borrow(pool);

        pool.setTimeout(TIMEOUT.multipliedBy(2));
        fixture.time.advance(TIMEOUT);
        assertThat(waiting.failure()).isNull();
        fixture.time.advance(TIMEOUT);
        assertThat(waiting.failure()).hasMessageContaining("no connection became free within 20.0 s");
    }

    @Test
    void holdsForLoginsThatAreBegunFromThenOn() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        borrow(pool);
        fixture.driver.byHand();
        pool.setTimeout(Duration.ofSeconds(3));
        borrow(pool);
        assertThat(fixture.driver.waiting()).isEqualTo(1);

        fixture.time.advance(Duration.ofSeconds(3));
        assertThat(fixture.driver.waiting()).isZero();
    }

    @Test
    void thatCannotBeIsRefused() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);

        assertThatThrownBy(() -> pool.setTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool.setTimeout(Duration.ofDays(25)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeout is PT600H");
    }
}
