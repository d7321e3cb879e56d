package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.LIMITS;
import static io.memfuse.pool.r2dbc.PoolFixture.borrow;
import static io.memfuse.pool.r2dbc.PoolFixture.close;
import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.AbortedConnection;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** A pool that is closed, and who still has a connection. In time that the test lets pass. */
@Timeout(30)
class DrainTest {

    private final PoolFixture fixture = new PoolFixture();

    @Test
    void aLoginThatSucceedsInTheMomentLeavesNeitherAConnectionNorATimer() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        borrow(pool);
        fixture.driver.byHand();
        borrow(pool);
        PoolCore core = ((PooledConnectionFactory) pool.resource()).core();

        core.tell(() -> {
            fixture.driver.succeed(); // Decided once this is.
            core.drain(new Draining());
        });

        assertThat(fixture.driver.connected()).isEqualTo(1);
        assertThat(fixture.time.scheduled()).isZero();
    }

    @Test
    void aConnectionThatIsBeingCheckedAndNeverAnswersIsCutOffAtOnce() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        close(borrow(pool));
        fixture.driver.youngest().fallSilent();
        fixture.time.advance(Duration.ofSeconds(1));
        Borrower waiting = borrow(pool);
        assertThat(pool.stats().idle()).isEqualTo(1);

        DrainReport report = pool.close(Duration.ZERO);

        assertThat(waiting.failure()).hasCauseInstanceOf(PoolClosedException.class);
        assertThat(report.drained()).isTrue();
        assertThat(fixture.driver.connected()).isZero();
        fixture.time.advance(Duration.ofSeconds(5)); // The check ends.
        assertThat(pool.stats().total()).isZero();
        assertThat(pool.stats().idle()).isZero();
    }

    @Test
    void namesWhoHoldsOnAndForHowLongThoughNobodyListens() {
        var unheard = new PoolContext(
                PoolKey.of(PoolSpec.builder("r2dbc", "orders").build(), ConnectionFactory.class),
                PoolListener.NONE,
                fixture.time.scheduler(),
                Runnable::run,
                fixture.time);
        PoolHandle<ConnectionFactory> pool = fixture.open(LIMITS.withSizes(2, 2), unheard);
        close(borrow(pool));
        Borrower first = borrow(pool);
        fixture.time.advance(Duration.ofSeconds(2));
        borrow(pool);
        fixture.time.advance(Duration.ofSeconds(1));

        DrainReport report = pool.close(Duration.ZERO);

        assertThat(first.isServed()).isTrue();
        assertThat(report.aborted())
                .extracting(AbortedConnection::lentFor)
                .containsExactlyInAnyOrder(Duration.ofSeconds(3), Duration.ofSeconds(1));
        assertThat(report.aborted())
                .extracting(AbortedConnection::name)
                .containsExactlyInAnyOrderElementsOf(fixture.driver.sessions().stream()
                        .map(FakeSession::name)
                        .toList());
        assertThat(Mono.from(first.connection().beginTransaction())
                        .materialize()
                        .block())
                .satisfies(signal -> assertThat(signal.getThrowable())
                        .hasMessageContaining(":5432/orders: this connection was cut off when its pool"));
    }
}
