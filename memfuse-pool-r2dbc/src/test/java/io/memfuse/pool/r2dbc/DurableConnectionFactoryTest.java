package io.memfuse.pool.r2dbc;

import static io.memfuse.pool.r2dbc.PoolFixture.borrow;
import static io.memfuse.pool.r2dbc.PoolFixture.close;
import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolTimeoutException;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** A durable connection factory while the pools behind it come and go. */
@Timeout(30)
class DurableConnectionFactoryTest {

    private static final class Route implements PoolRoute<ConnectionFactory> {

        private final PoolKey<ConnectionFactory> key =
                PoolKey.of(PoolSpec.builder("r2dbc", "orders").build(), ConnectionFactory.class);

        @Nullable ConnectionFactory open;

        CompletableFuture<ConnectionFactory> opening = new CompletableFuture<>();
        int asked;

        @Nullable Error broken;

        @Override
        public PoolKey<ConnectionFactory> key() {
            return key;
        }

        @Override
        public ConnectionFactory current() {
            throw new AssertionError("blocks");
        }

        @Override
        public @Nullable ConnectionFactory ifOpen() {
            return open;
        }

        @Override
        public CompletionStage<ConnectionFactory> whenOpen() {
            asked++;
            if (broken != null) {
                throw broken;
            }
            return open == null ? opening : CompletableFuture.completedStage(open);
        }
    }

    private final PoolFixture fixture = new PoolFixture();
    private final Route route = new Route();
    private final ConnectionFactory durable = fixture.provider.durable(route);

    @Test
    void opensNothingUntilItIsSubscribedTo() {
        durable.create();

        assertThat(route.asked).isZero();
    }

    @Test
    void asksNoMoreThanWhetherThePoolIsOpen() {
        route.open = fixture.open(0, 1).resource();

        assertThat(borrow(durable).isServed()).isTrue();
        assertThat(route.asked).isZero();
    }

    @Test
    void waitsForTheOpeningAndIsServedThen() {
        Borrower borrower = borrow(durable);
        assertThat(borrower.isServed()).isFalse();

        route.opening.complete(fixture.open(0, 1).resource());

        assertThat(borrower.isServed()).isTrue();
    }

    @Test
    void saysWhyThereIsNoPool() {
        Borrower borrower = borrow(durable);
        PoolException failure = PoolTimeoutException.stillOpening(route.key, Duration.ZERO, Duration.ZERO);

        route.opening.completeExceptionally(failure);

        assertThat(borrower.failure()).hasMessage(failure.getMessage()).hasCause(failure);
    }

    @Test
    void whoCancelsBeforeThePoolIsOpenGetsNoConnection() {
        Borrower borrower = borrow(durable);
        borrower.cancel();
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);

        route.opening.complete(pool.resource());

        assertThat(borrower.isServed()).isFalse();
        assertThat(pool.stats().active()).isZero();
    }

    @Test
    void leadsWhoWaitsInAPoolThatDrainsToTheNextOne() {
        PoolHandle<ConnectionFactory> first = fixture.open(1, 1);
        route.open = first.resource();
        Borrower holder = borrow(durable);
        Borrower waiter = borrow(durable);
        PoolHandle<ConnectionFactory> second = fixture.open(1, 1);
        route.open = second.resource();

        first.close(Duration.ZERO);

        assertThat(waiter.isServed()).isTrue();
        assertThat(second.stats().active()).isEqualTo(1);
        assertThat(holder.isServed()).isTrue();
    }

    @Test
    void theTimeToWaitGoesOnFromPoolToPool() {
        PoolHandle<ConnectionFactory> first = fixture.open(1, 1);
        route.open = first.resource();
        borrow(durable);
        Borrower waiter = borrow(durable);
        PoolHandle<ConnectionFactory> second = fixture.open(1, 1);
        Borrower holder = borrow(second);
        Borrower later = borrow(second);
        route.open = second.resource();
        fixture.time.advance(PoolFixture.TIMEOUT.minusSeconds(1));
        first.close(Duration.ZERO);
        fixture.time.advance(Duration.ofMillis(999));
        assertThat(waiter.failure()).isNull();

        fixture.time.advance(Duration.ofMillis(1));

        assertThat(waiter.failure()).hasCauseInstanceOf(PoolTimeoutException.class);
        assertThat(later.isServed()).isFalse();
        close(holder);
    }

    @Test
    void theTimeToWaitBeginsBeforeTheOpening() {
        Borrower borrower = borrow(durable);
        PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
        borrow(pool);
        fixture.time.advance(PoolFixture.TIMEOUT.minusSeconds(1));
        route.opening.complete(pool.resource());
        fixture.time.advance(Duration.ofMillis(999));
        assertThat(borrower.failure()).isNull();

        fixture.time.advance(Duration.ofMillis(1));

        assertThat(borrower.failure()).hasCauseInstanceOf(PoolTimeoutException.class);
    }

    @Test
    void theTimeToWaitEndsWhileTheNextPoolIsOpened() {
        PoolHandle<ConnectionFactory> first = fixture.open(1, 1);
        route.open = first.resource();
        borrow(durable);
        Borrower borrower = borrow(durable);
        fixture.time.advance(PoolFixture.TIMEOUT.minusSeconds(1));
        route.open = null;
        first.close(Duration.ZERO);
        fixture.time.advance(Duration.ofMillis(999));
        assertThat(borrower.failure()).isNull();

        fixture.time.advance(Duration.ofMillis(1));

        assertThat(borrower.failure())
                .hasCauseInstanceOf(PoolTimeoutException.class)
                .hasMessageContaining("still opening after 1.0 s (waited 10.0 s)");
        assertThat(fixture.listener.events()).endsWith("timedOut").containsOnlyOnce("timedOut");
    }

    @Test
    void aWayThatFailsIsToldToTheBorrower() {
        route.broken = new StackOverflowError("thrown on purpose");

        Borrower borrower = borrow(durable);

        assertThat(borrower.failure()).hasMessageContaining("thrown on purpose");
    }

    @Test
    void whoCancelledAlreadyHasNoPoolOpened() {
        PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
        route.open = pool.resource();
        pool.close(Duration.ZERO);
        Borrower borrower = borrow(durable);
        int asked = route.asked;

        borrower.cancel();
        fixture.time.advance(Duration.ofSeconds(1));

        assertThat(route.asked).isEqualTo(asked);
    }

    /** The connection is granted, and the pool drained, in one go: what is decided second is seen by what follows first. */
    @Test
    void whoIsGrantedAConnectionThatIsCutOffAtOnceGoesOnToTheNextPool() {
        PoolHandle<ConnectionFactory> first = fixture.open(1, 1);
        PoolHandle<ConnectionFactory> second = fixture.open(1, 1);
        route.open = first.resource();
        PoolCore core = ((PooledConnectionFactory) first.resource()).core();
        var borrower = new Borrower();

        core.tell(() -> {
            Mono.from(durable.create()).subscribe(borrower);
            core.tell(() -> {
                core.members().loans().forEach(Loan::abort);
                route.open = second.resource();
                core.drain(new Draining());
            });
        });

        assertThat(borrower.isServed()).isTrue();
        assertThat(second.stats().active()).isEqualTo(1);
        assertThat(fixture.listener.events()).containsExactly("connected", "connected", "acquired");
    }

    @Test
    void whoIsLedToAPoolThatDrainsAgainAndAgainIsRefusedInTheEnd() {
        PoolHandle<ConnectionFactory> pool = fixture.open(1, 1);
        route.open = pool.resource();
        pool.close(Duration.ZERO);

        Borrower borrower = borrow(durable);
        assertThat(borrower.failure()).isNull();
        fixture.time.advance(PoolFixture.TIMEOUT.plusMillis(1));

        assertThat(borrower.failure())
                .isInstanceOf(R2dbcTransientResourceException.class)
                .hasCauseInstanceOf(PoolClosedException.class);
    }

    /** A future completes what depends on it newest first: to seek the place of each from the end takes minutes. */
    @Test
    @Timeout(60)
    void aCrowdThatWaitedForTheOpeningIsServedInTheOrderInWhichItCame() {
        int crowd = 100_000;
        PoolHandle<ConnectionFactory> pool = fixture.open(0, 1);
        Borrower holder = borrow(pool);
        List<Integer> served = new ArrayList<>();
        for (int i = 0; i < crowd; i++) {
            int number = i;
            Mono.from(durable.create())
                    .flatMap(connection -> {
                        served.add(number);
                        return Mono.from(connection.close());
                    })
                    .subscribe();
            fixture.time.advance(Duration.ofNanos(100));
        }
        route.opening.complete(pool.resource());
        assertThat(pool.stats().waiting()).isEqualTo(crowd);

        close(holder);

        assertThat(served).hasSize(crowd).isSorted();
    }
}
