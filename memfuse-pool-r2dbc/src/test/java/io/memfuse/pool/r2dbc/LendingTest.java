package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.LIMITS;
import static io.memfuse.pool.r2dbc.PoolFixture.borrow;
import static io.memfuse.pool.r2dbc.PoolFixture.borrowers;
import static io.memfuse.pool.r2dbc.PoolFixture.close;
import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolHandle;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Sinks;

/** Which connection is lent, and what is asked of it first. In time that the test lets pass. */
@Timeout(30)
class LendingTest {

    private final PoolFixture fixture = new PoolFixture();

    @Test
    void aConnectionThatDiedIsNotLent() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 3);
        List<Borrower> all = borrowers(pool, 3);
        all.forEach(PoolFixture::close);
        fixture.driver.sessions().get(0).disconnect();
        fixture.driver.sessions().get(2).disconnect();

        assertThat(pool.stats().idle()).isEqualTo(1);
        Borrower next = borrow(pool);

        assertThat(next.isServed()).isTrue();
        assertThat(fixture.driver.sessions()).hasSize(3);
    }

    @Test
    void severalThatAnswerNothingAnyMoreCostTheBorrowerTimeAndNotHisPlace() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        borrowers(pool, 2).forEach(PoolFixture::close);
        fixture.driver.sessions().forEach(FakeSession::fallSilent);
        fixture.time.advance(Duration.ofSeconds(1));

        Borrower borrower = borrow(pool);
        assertThat(borrower.isServed()).isFalse();
        // The time of one check: what it finds out is true of the others too.
        fixture.time.advance(Duration.ofSeconds(5));

        assertThat(borrower.isServed()).isTrue();
        assertThat(fixture.driver.connected()).isEqualTo(1);
    }

    @Test
    void whoWaitsForACheckThatIsNotAnsweredIsServedByWhatIsGivenBackMeanwhile() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        List<Borrower> both = borrowers(pool, 2);
        close(both.get(0));
        fixture.driver.sessions().get(0).fallSilent();
        fixture.time.advance(Duration.ofSeconds(1));
        Borrower borrower = borrow(pool);
        assertThat(borrower.isServed()).isFalse();

        close(both.get(1));

        assertThat(borrower.isServed()).isTrue();
    }

    @Test
    void whoCancelsWhileAConnectionIsCheckedForHimLeavesItToTheNext() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        close(borrow(pool));
        Sinks.One<Boolean> answer = Sinks.one();
        fixture.driver.youngest().connection.answer = answer.asMono();
        fixture.time.advance(Duration.ofSeconds(1));
        Borrower impatient = borrow(pool);
        assertThat(impatient.isServed()).isFalse();

        impatient.cancel();
        answer.tryEmitValue(true).orThrow();

        assertThat(impatient.isServed()).isFalse();
        assertThat(pool.stats().idle()).isEqualTo(1);
        assertThat(borrow(pool).isServed()).isTrue();
        assertThat(fixture.driver.sessions()).hasSize(1);
    }

    @Test
    void whatWasUsedJustNowIsLentWithoutAQuestion() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        close(borrow(pool));
        fixture.driver.sessions().get(0).fallSilent();

        assertThat(borrow(pool).isServed()).isTrue();
    }

    @Test
    void theOneThatWasUsedLastGoesFirstSoThatTheOthersGrowOld() {
        PoolHandle<ConnectionFactory> pool =
                fixture.open(LIMITS.withSizes(0, 3).withMaxInactiveConnectionLifetime(Duration.ofSeconds(60)));
        borrowers(pool, 3).forEach(PoolFixture::close);

        for (int i = 0; i < 7; i++) {
            fixture.time.advance(Duration.ofSeconds(10));
            close(borrow(pool));
        }

        assertThat(fixture.driver.connected()).isEqualTo(1);
        fixture.time.advance(Duration.ofSeconds(60));
        assertThat(fixture.driver.connected()).isZero();
    }
}
