package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.LIMITS;
import static io.memfuse.pool.r2dbc.PoolFixture.TIMEOUT;
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

/** Connections are replaced at an age of their own. In time that the test lets pass. */
@Timeout(30)
class GrowingOldTest {

    private final PoolFixture fixture = new PoolFixture();

    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final Duration SHORTEST = LIFETIME.multipliedBy(9).dividedBy(10);

    private PoolHandle<ConnectionFactory> open(int minSize, int maxSize, Duration lifetime) throws Exception {
        PoolHandle<ConnectionFactory> pool = fixture.open(LIMITS.withSizes(minSize, maxSize)
                .withMaxInactiveConnectionLifetime(Duration.ZERO)
                .withMaxConnectionLifetime(lifetime));
        pool.warmUp(TIMEOUT);
        return pool;
    }

    private List<FakeSession> connected() {
        return fixture.driver.sessions().stream()
                .filter(FakeSession::isConnected)
                .toList();
    }

    @Test
    void whatLiesIdleIsReplacedInTimeThoughNobodyAsks() throws Exception {
        open(5, 5, LIFETIME);
        List<FakeSession> first = connected();

        fixture.time.advance(SHORTEST.minusNanos(1));
        assertThat(connected()).isEqualTo(first);
        fixture.time.advance(LIFETIME.minus(SHORTEST).plusNanos(1));

        assertThat(connected()).hasSize(5).doesNotContainAnyElementsOf(first);
        assertThat(first).allSatisfy(old -> assertThat(old.asked()).containsExactly("close"));
        fixture.time.advance(LIFETIME);
        assertThat(fixture.driver.sessions()).hasSizeGreaterThanOrEqualTo(15);
        assertThat(connected()).hasSize(5);
    }

    @Test
    void whatIsBeyondTheMinimumIsNotReplaced() throws Exception {
        PoolHandle<ConnectionFactory> pool = open(1, 4, LIFETIME);
        borrowers(pool, 4).forEach(PoolFixture::close);
        assertThat(connected()).hasSize(4);

        fixture.time.advance(LIFETIME);

        assertThat(connected()).hasSize(1);
    }

    @Test
    void thoseThatWereMadeTogetherDoNotEndTogether() throws Exception {
        open(20, 20, LIFETIME);
        fixture.driver.byHand();
        fixture.time.advance(SHORTEST);

        int deaths = 0;
        for (int before = 20; before > 0; ) {
            fixture.time.advance(Duration.ofSeconds(1));
            int now = fixture.driver.connected();
            deaths += now < before ? 1 : 0;
            before = now;
        }

        // 20 at random in a minute: that they share so few seconds does not happen.
        assertThat(deaths).isGreaterThan(5);
    }

    @Test
    void whatIsLentIsReplacedWhenItIsGivenBack() throws Exception {
        PoolHandle<ConnectionFactory> pool = open(1, 1, LIFETIME);
        Borrower borrower = borrow(pool);
        FakeSession old = fixture.driver.youngest();

        fixture.time.advance(LIFETIME.multipliedBy(3));
        assertThat(old.isConnected()).isTrue();
        close(borrower);

        assertThat(old.asked()).containsExactly("close");
        assertThat(fixture.driver.sessions()).hasSize(2);
        assertThat(pool.stats().idle()).isEqualTo(1);
    }

    @Test
    void whatWasReplacedOnceIsReplacedAgainThoughAnotherWasLentMeanwhile() throws Exception {
        PoolHandle<ConnectionFactory> pool = open(2, 2, LIFETIME);
        Borrower borrower = borrow(pool);

        fixture.time.advance(LIFETIME.multipliedBy(4));

        assertThat(fixture.driver.sessions()).hasSizeGreaterThanOrEqualTo(6);
        close(borrower);
        assertThat(pool.stats().idle()).isEqualTo(2);
    }

    @Test
    void withoutALimitNobodyIsReplaced() throws Exception {
        open(2, 2, Duration.ZERO);
        int timers = fixture.time.scheduled();

        fixture.time.advance(Duration.ofDays(365));

        assertThat(fixture.driver.sessions()).hasSize(2);
        assertThat(timers).isZero();
    }

    @Test
    void aPoolThatIsClosedHasNoTimer() throws Exception {
        open(2, 2, LIFETIME).close(Duration.ZERO);

        assertThat(fixture.time.scheduled()).isZero();
    }
}
