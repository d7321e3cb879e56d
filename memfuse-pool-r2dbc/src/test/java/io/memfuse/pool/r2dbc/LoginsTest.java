package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.LIMITS;
import static io.memfuse.pool.r2dbc.PoolFixture.TIMEOUT;
import static io.memfuse.pool.r2dbc.PoolFixture.borrow;
import static io.memfuse.pool.r2dbc.PoolFixture.borrowers;
import static io.memfuse.pool.r2dbc.PoolFixture.close;
import static io.memfuse.pool.r2dbc.PoolFixture.served;
import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolTimeoutException;
import io.r2dbc.spi.ConnectionFactory;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When connections are made, and what becomes of who waits for one. In time that the test lets pass. */
@Timeout(30)
class LoginsTest {

    private final PoolFixture fixture = new PoolFixture();

    @Test
    void beyondTheMinimumTheFirstIsMadeAloneAndThenThoseThatAreWaitedFor() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 20);
        fixture.driver.byHand();
        List<Borrower> burst = borrowers(pool, 11);
        assertThat(fixture.driver.waiting()).isEqualTo(1);

        fixture.driver.succeed();

        assertThat(fixture.driver.waiting()).isEqualTo(9);
        while (fixture.driver.waiting() > 0) {
            fixture.driver.succeed();
        }
        assertThat(served(burst)).isEqualTo(11);
    }

    @Test
    void whoWaitsForALoginIsServedByWhatIsGivenBackMeanwhile() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        fixture.driver.byHand();
        Borrower first = borrow(pool);
        Borrower second = borrow(pool);
        assertThat(fixture.driver.waiting()).isEqualTo(1);

        close(first);

        assertThat(second.isServed()).isTrue();
        fixture.driver.succeed();
        assertThat(pool.stats().idle()).isEqualTo(1);
    }

    @Test
    void aDatabaseThatRefusesSeesOneAttemptAtATimeWithPausesThatDouble() {
        PoolHandle<ConnectionFactory> pool = fixture.open(LIMITS.withSizes(0, 9).withTimeout(Duration.ofMinutes(1)));
        borrow(pool);
        fixture.driver.byHand();
        List<Borrower> waiting = borrowers(pool, 5);

        for (Duration pause : List.of(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1))) {
            assertThat(fixture.driver.waiting()).isEqualTo(1);
            fixture.driver.fail(new ConnectException("refused"));
            fixture.time.advance(pause.minusMillis(1));
            assertThat(fixture.driver.waiting()).isZero();
            fixture.time.advance(Duration.ofMillis(1));
        }

        fixture.time.advance(Duration.ofMinutes(1));
        assertThat(waiting)
                .allSatisfy(borrower -> assertThat(borrower.failure())
                        .hasMessageContaining("no connection within 1 min 0 s")
                        .hasMessageContaining("(total=1/9, active=1, idle=0, waiting=")
                        .hasMessageContaining("refused")
                        .hasCauseInstanceOf(PoolOpenException.class));
        assertThat(waiting)
                .extracting(
                        borrower -> Objects.requireNonNull(borrower.failure()).getCause())
                .doesNotHaveDuplicates();
    }

    @Test
    void theListenerHearsOfEachLoginThatFailsWhileThePoolRuns() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        borrow(pool);
        fixture.driver.byHand();
        borrow(pool);

        fixture.driver.fail(new ConnectException("refused"));
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.driver.fail(new ConnectException("refused"));

        assertThat(fixture.listener.events())
                .containsExactly("connected", "acquired", "connectFailed", "connectFailed");
    }

    @Test
    void aLoginThatFailedLongAgoIsNotWhySomebodyWaitsInVain() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        borrow(pool);
        fixture.driver.byHand();
        Borrower first = borrow(pool);
        fixture.driver.fail(new ConnectException("refused"));
        first.cancel();
        pool.resize(0, 1);
        Borrower waiting = borrow(pool);

        fixture.time.advance(TIMEOUT);

        assertThat(waiting.failure()).hasCauseInstanceOf(PoolTimeoutException.class);
    }

    @Test
    void aLoginThatNeverEndsIsGivenUpInTime() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 9);
        borrow(pool);
        fixture.driver.byHand();
        Borrower waiting = borrow(pool);

        fixture.time.advance(TIMEOUT);

        assertThat(fixture.driver.waiting()).isZero();
        assertThat(waiting.failure())
                .hasMessageContaining("no connection within 10.0 s (total=1/9, active=1, idle=0, waiting=0)")
                .hasMessageContaining("a login has had no answer for 10.0 s")
                .cause()
                .isInstanceOfSatisfying(
                        PoolOpenException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.NO_ANSWER));
    }

    @Test
    void aLoginThatBeganJustNowIsNotWhySomebodyWaitsInVain() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        borrow(pool);
        Borrower second = borrow(pool);
        Borrower waiting = borrow(pool);
        fixture.driver.byHand();
        fixture.time.advance(TIMEOUT.minusMillis(10));
        fixture.driver.youngest().disconnect();
        close(second);
        assertThat(fixture.driver.waiting()).isEqualTo(1);

        fixture.time.advance(Duration.ofMillis(10));

        assertThat(waiting.failure()).hasCauseInstanceOf(PoolTimeoutException.class);
    }
}
