package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.TIMEOUT;
import static io.memfuse.pool.r2dbc.PoolFixture.borrow;
import static io.memfuse.pool.r2dbc.PoolFixture.borrowers;
import static io.memfuse.pool.r2dbc.PoolFixture.close;
import static io.memfuse.pool.r2dbc.PoolFixture.served;
import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolTimeoutException;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** Who waits for a connection, in which order, and until when. In time that the test lets pass. */
@Timeout(30)
class WaitingTest {

    private final PoolFixture fixture = new PoolFixture();

    @Test
    void nothingIsAskedForBeforeItIsSubscribedTo() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);

        pool.resource().create();

        assertThat(pool.stats().active()).isZero();
        assertThat(fixture.listener.events()).containsExactly("connected");
    }

    @Test
    void whoCameFirstIsServedFirst() {
        PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
        Borrower first = borrow(pool);
        List<Borrower> waiting = borrowers(pool, 3);

        close(first);
        assertThat(waiting).extracting(Borrower::isServed).containsExactly(true, false, false);
        close(waiting.get(0));

        assertThat(waiting).extracting(Borrower::isServed).containsExactly(true, true, false);
    }

    @Test
    void whoCancelsLeavesTheQueueAtOnceAndNeverGetsAConnection() {
        PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
        Borrower first = borrow(pool);
        List<Borrower> waiting = borrowers(pool, 2);

        waiting.get(0).cancel();

        assertThat(pool.stats().waiting()).isEqualTo(1);
        close(first);
        assertThat(waiting).extracting(Borrower::isServed).containsExactly(false, true);
    }

    @Test
    void endsAtTheDeadlineAndNotBefore() {
        PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
        Borrower first = borrow(pool);
        Borrower waiting = borrow(pool);

        fixture.time.advance(TIMEOUT.minusMillis(1));
        assertThat(waiting.failure()).isNull();
        fixture.time.advance(Duration.ofMillis(1));

        assertThat(waiting.failure())
                .isInstanceOf(R2dbcTimeoutException.class)
                .hasMessageContaining("within 10.0 s (total=1/1, active=1, idle=0, waiting=0)")
                .hasCauseInstanceOf(PoolTimeoutException.class);
        assertThat(fixture.listener.events()).containsExactly("connected", "acquired", "timedOut");
        close(first);
        assertThat(pool.stats().idle()).isEqualTo(1);
    }

    @Test
    void endsInTimeThoughADecisionFailsHalfWay() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 2);
        borrow(pool);
        fixture.driver.byHand();
        fixture.clockFailsAt(2);

        Borrower waiting = borrow(pool);
        fixture.time.advance(TIMEOUT);

        assertThat(waiting.failure()).isNotNull();
    }

    @Test
    void endsInTimeThoughTheTimerOnceFoundNoThread() {
        int[] left = {0};
        Executor all = fixture.executor;
        fixture.executor = work -> {
            if (left[0]-- > 0) {
                throw new OutOfMemoryError("thrown on purpose: unable to create native thread");
            }
            all.execute(work);
        };
        PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
        borrow(pool);
        List<Borrower> waiting = new ArrayList<>(borrowers(pool, 1));
        left[0] = 1;

        fixture.time.advance(TIMEOUT);
        waiting.addAll(borrowers(pool, 1));
        fixture.time.advance(TIMEOUT);

        assertThat(waiting).extracting(Borrower::failure).doesNotContainNull();
    }

    @Test
    void whoBlocksForASecondConnectionWhileHeIsServedIsServed() {
        PoolHandle<ConnectionFactory> pool = fixture.open(2, 2);

        Connection second = Mono.from(pool.resource().create())
                .<Connection>map(first -> Mono.from(pool.resource().create()).block(Duration.ofSeconds(5)))
                .block(Duration.ofSeconds(5));

        assertThat(second).isNotNull();
        assertThat(pool.stats().active()).isEqualTo(2);
    }

    @Test
    void whoFailsFatallyWhenHeIsServedIsToldAndHoldsNothing() {
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        var told = new AtomicReference<Throwable>();

        Mono.from(pool.resource().create())
                .map(connection -> {
                    throw new NoClassDefFoundError("thrown on purpose");
                })
                .subscribe(value -> {}, told::set);

        assertThat(told.get()).isInstanceOf(NoClassDefFoundError.class);
        assertThat(pool.stats().active()).isZero();
        assertThat(borrow(pool).isServed()).isTrue();
    }

    @Test
    void oneTimerServesAllWhoWait() {
        PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
        borrow(pool);
        int before = fixture.time.scheduled();

        List<Borrower> waiting = borrowers(pool, 1_000);

        assertThat(fixture.time.scheduled()).isLessThanOrEqualTo(before + 1);
        fixture.time.advance(TIMEOUT);
        assertThat(waiting).allMatch(borrower -> borrower.failure() != null);
    }

    @Test
    void aLongQueueThatIsServedAtOnceDoesNotOverflowTheStack() {
        PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
        Borrower first = borrow(pool);
        int[] served = {0};
        for (int i = 0; i < 10_000; i++) {
            Mono.from(pool.resource().create())
                    .flatMap(connection -> Mono.from(connection.close()))
                    .subscribe(nothing -> {}, failure -> {}, () -> served[0]++);
        }

        close(first);

        assertThat(served[0]).isEqualTo(10_000);
    }
}
