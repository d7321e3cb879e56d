package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.LIMITS;
import static io.memfuse.pool.r2dbc.PoolFixture.TIMEOUT;
import static io.memfuse.pool.r2dbc.PoolFixture.borrow;
import static io.memfuse.pool.r2dbc.PoolFixture.borrowers;
import static io.memfuse.pool.r2dbc.PoolFixture.close;
import static io.memfuse.pool.r2dbc.PoolFixture.served;
import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.ConnectFailure;
import io.memfuse.core.pool.ConnectGate;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolFailure;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
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

    // A pool that has no connection left.

    private void goDown() {
        fixture.driver.byHand();
        fixture.driver.sessions().forEach(FakeSession::disconnect);
    }

    private static PoolException refusal(Borrower borrower) {
        Throwable failure = Objects.requireNonNull(borrower.failure(), "not refused");
        return (PoolException) Objects.requireNonNull(failure.getCause());
    }

    @Test
    void allWhoWaitAreSentAwayWhenALoginFailsAndNoConnectionIsLeft() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 4);
        goDown();
        List<Borrower> waiting = borrowers(pool, 5);
        fixture.time.advance(Duration.ofMillis(20));

        fixture.driver.fail(new ConnectException("refused"));

        assertThat(waiting).allSatisfy(borrower -> {
            PoolException why = refusal(borrower);
            assertThat(why.failure()).isEqualTo(PoolFailure.DATABASE_DOWN);
            assertThat(why.waited()).isEqualTo(Duration.ofMillis(20));
            assertThat(why.nextAttemptIn()).contains(Duration.ofMillis(250));
            assertThat(why.lastConnectFailure()).contains(new ConnectFailure(FailureKind.UNREACHABLE, "refused"));
        });
        assertThat(pool.stats().waiting()).isZero();
        assertThat(fixture.listener.events())
                .containsExactly("connected", "connectFailed", "refused", "refused", "refused", "refused", "refused");
    }

    @Test
    void whoAsksThenIsRefusedAtOnceAndTheNextAttemptIsMadeThoughNobodyAsks() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 4);
        goDown();
        borrow(pool);
        fixture.driver.fail(new ConnectException("refused"));

        fixture.time.advance(Duration.ofMillis(100));
        assertThat(refusal(borrow(pool)).nextAttemptIn()).contains(Duration.ofMillis(150));
        assertThat(fixture.driver.waiting()).isZero();
        fixture.time.advance(Duration.ofMillis(150));
        assertThat(fixture.driver.waiting()).isEqualTo(1);
        assertThat(refusal(borrow(pool)).nextAttemptIn()).contains(Duration.ZERO);

        fixture.driver.succeed();

        assertThat(borrow(pool).isServed()).isTrue();
    }

    @Test
    void attemptsGoOnAtLeastEveryFiveSecondsUntilThePoolIsClosed() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 4);
        goDown();
        borrow(pool);
        for (int i = 0; i < 12; i++) {
            fixture.driver.fail(new ConnectException("refused"));
            fixture.time.advance(Duration.ofSeconds(5));
            assertThat(fixture.driver.waiting()).isEqualTo(1);
        }
        fixture.driver.fail(new ConnectException("refused"));

        pool.close(Duration.ZERO);
        fixture.time.advance(Duration.ofMinutes(1));

        assertThat(fixture.driver.waiting()).isZero();
    }

    @Test
    void whoWaitsIsSentAwayWhenTheLastConnectionThatIsLentIsLost() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        Borrower held = borrow(pool);
        fixture.driver.byHand();
        Borrower waiting = borrow(pool);
        fixture.driver.fail(new ConnectException("refused"));
        assertThat(waiting.failure()).isNull();

        fixture.driver.youngest().disconnect();

        assertThat(refusal(waiting).failure()).isEqualTo(PoolFailure.DATABASE_DOWN);
        close(held);
        fixture.time.advance(Duration.ofSeconds(5));
        fixture.driver.succeed();
        assertThat(borrow(pool).isServed()).isTrue();
    }

    @Test
    void aLoginHasTheTimeThatTheWaitForItsTurnHasLeft() {
        PoolKey<ConnectionFactory> key =
                PoolKey.of(PoolSpec.builder("r2dbc", "orders").build(), ConnectionFactory.class);
        var gate = new ConnectGate(1, Duration.ofMinutes(1), fixture.time.scheduler());
        PoolHandle<ConnectionFactory> pool = fixture.open(
                LIMITS.withSizes(0, 2),
                new PoolContext(key, PoolListener.NONE, fixture.time.scheduler(), Runnable::run, fixture.time, gate));
        borrow(pool);
        assertThat(fixture.driver.timeoutOfTheLast).isEqualTo(TIMEOUT);

        ConnectGate.Turn another = gate.enter().join();
        borrow(pool);
        fixture.time.advance(Duration.ofSeconds(4));
        another.close();

        assertThat(fixture.driver.timeoutOfTheLast).isEqualTo(TIMEOUT.minusSeconds(4));
    }
}
