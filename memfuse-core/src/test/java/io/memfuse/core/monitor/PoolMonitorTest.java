package io.memfuse.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PoolMonitorTest {

    private static final PoolKey<Object> ORDERS =
            PoolKey.of(PoolSpec.builder("fake", "orders").build(), Object.class);
    private static final PoolKey<Object> BILLING =
            PoolKey.of(PoolSpec.builder("fake", "billing").build(), Object.class);
    private final PoolException refused =
            PoolOpenException.attemptFailed(ORDERS, FailureKind.UNREACHABLE, "refused", Duration.ZERO, null);

    private final ConnectionHolder holder = new ConnectionHolder("job", Duration.ofMinutes(1), List.of());

    private final PoolMonitor monitor = new PoolMonitor();

    private static LoanCounter lending(long times) {
        var loans = new LoanCounter();
        loans.countedBy(() -> times);
        return loans;
    }

    @Test
    void addsUpTheOpeningsOfOnePool() {
        LoanCounter first = lending(3);
        var loansOfSecond = new AtomicLong(4);
        var second = new LoanCounter();
        second.countedBy(loansOfSecond::get);
        monitor.forPool(ORDERS, first);
        monitor.forPool(ORDERS, second);
        assertThat(monitor.activity(ORDERS).acquired()).isEqualTo(7);

        first.end();
        loansOfSecond.incrementAndGet();
        assertThat(monitor.activity(ORDERS).acquired()).isEqualTo(8);

        second.end();
        assertThat(monitor.activity(ORDERS).acquired()).isEqualTo(8);
        assertThat(monitor.activity(ORDERS).acquired()).as("once only").isEqualTo(8);
        monitor.forPool(ORDERS, lending(1));
        assertThat(monitor.activity(ORDERS).acquired()).isEqualTo(9);
    }

    @Test
    void countsEachThingThatHappensToAPool() {
        PoolListener orders = monitor.forPool(ORDERS, lending(2));
        monitor.opened(ORDERS, 7);
        monitor.openFailed(ORDERS, refused);
        monitor.openFailed(ORDERS, refused);
        orders.connected(ORDERS, 9);
        orders.connectFailed(ORDERS, refused);
        orders.acquired(ORDERS, 5);
        orders.released(ORDERS, 11);
        orders.timedOut(ORDERS, 13);
        orders.refused(ORDERS, refused);
        monitor.refused(ORDERS, refused);
        orders.leaked(ORDERS, holder);
        monitor.leaked(ORDERS, holder);
        monitor.leaked(ORDERS, holder);
        monitor.evicted(ORDERS);
        monitor.closed(ORDERS, new DrainReport(ORDERS, List.of(), Duration.ZERO));

        PoolActivity activity = monitor.activity(ORDERS);
        assertThat(activity.opened()).isEqualTo(1);
        assertThat(activity.openFailed()).isEqualTo(2);
        assertThat(activity.connected()).isEqualTo(1);
        assertThat(activity.connectFailed()).isEqualTo(1);
        assertThat(activity.acquired()).as("those too of which nobody was told").isEqualTo(2);
        assertThat(activity.waits().count()).as("only what was timed and told").isEqualTo(1);
        assertThat(activity.waits().total()).isEqualTo(Duration.ofNanos(5));
        assertThat(activity.uses().total()).isEqualTo(Duration.ofNanos(11));
        assertThat(activity.uses().count()).isEqualTo(1);
        assertThat(activity.connects().total()).isEqualTo(Duration.ofNanos(9));
        assertThat(activity.timedOut()).isEqualTo(1);
        assertThat(activity.refused()).isEqualTo(2);
        assertThat(activity.leaked()).isEqualTo(3);
        assertThat(activity.evicted()).isEqualTo(1);
        assertThat(activity.closed()).isEqualTo(1);
    }

    @Test
    void keepsPoolsApartAndAddsThemUp() {
        monitor.forPool(ORDERS, lending(1)).acquired(ORDERS, 5);
        monitor.forPool(BILLING, lending(2));
        monitor.acquired(BILLING, 6);
        monitor.acquired(BILLING, 7);
        monitor.refused(ORDERS, refused);
        monitor.refused(BILLING, refused);
        monitor.leaked(BILLING, holder);

        assertThat(monitor.activities()).containsOnlyKeys(ORDERS, BILLING);
        assertThat(monitor.activity(BILLING).acquired()).isEqualTo(2);
        assertThat(monitor.total().acquired()).isEqualTo(3);
        assertThat(monitor.total().refused()).isEqualTo(2);
        assertThat(monitor.total().leaked()).isEqualTo(1);
        assertThat(monitor.total().waits().total()).isEqualTo(Duration.ofNanos(18));
    }

    @Test
    void remembersTheLastFailureUntilAConnectionSucceeds() {
        monitor.connectFailed(ORDERS, refused);
        assertThat(monitor.activity(ORDERS).lastFailure()).isSameAs(refused);

        monitor.connected(ORDERS, 1);
        assertThat(monitor.activity(ORDERS).lastFailure()).isNull();

        monitor.openFailed(ORDERS, refused);
        assertThat(monitor.activity(ORDERS).lastFailure()).isSameAs(refused);
    }

    @Test
    void keepsTheTotalsOfWhatIsGone() {
        monitor.forPool(ORDERS, lending(1));
        monitor.forPool(BILLING, lending(1));

        assertThat(monitor.retire(monitor.beginLook(), ORDERS::equals)).containsExactly(ORDERS);

        assertThat(monitor.activities()).containsOnlyKeys(BILLING);
        assertThat(monitor.activity(ORDERS)).isEqualTo(PoolActivity.NONE);
        assertThat(monitor.total().acquired()).isEqualTo(2);
        assertThat(monitor.snapshot().pools()).containsOnlyKeys(BILLING);
        assertThat(monitor.snapshot().gone().acquired()).isEqualTo(1);
        assertThat(monitor.snapshot().total()).isEqualTo(monitor.total());
    }

    @Test
    void keepsAPoolThatAnAdapterWasAskedToOpenAfterTheLookBegan() {
        long look = monitor.beginLook();
        PoolListener opening = monitor.forPool(ORDERS, lending(1));

        assertThat(monitor.retire(look, key -> true)).isEmpty();
        opening.connected(ORDERS, 5);
        assertThat(monitor.activity(ORDERS).connected()).isEqualTo(1);
        assertThat(monitor.activity(ORDERS).acquired()).isEqualTo(1);

        monitor.retire(monitor.beginLook(), key -> true);
        assertThat(monitor.activities()).isEmpty();
        assertThat(monitor.total().acquired()).isEqualTo(1);
    }

    @Test
    void keepsItAlsoWhenAnotherLookBeganAndEndedMeanwhile() {
        long slow = monitor.beginLook();
        PoolListener opening = monitor.forPool(ORDERS, lending(1));
        monitor.retire(monitor.beginLook(), key -> false);

        monitor.retire(slow, key -> true);

        opening.connected(ORDERS, 5);
        assertThat(monitor.activity(ORDERS).connected()).isEqualTo(1);
        assertThat(monitor.activity(ORDERS).acquired()).isEqualTo(1);
    }

    @Test
    void beginsFromZeroWithAPoolThatComesBack() {
        monitor.forPool(ORDERS, lending(1));
        monitor.retire(monitor.beginLook(), Set.of(ORDERS)::contains);

        monitor.forPool(ORDERS, lending(1));

        assertThat(monitor.activity(ORDERS).acquired()).isEqualTo(1);
        assertThat(monitor.total().acquired()).isEqualTo(2);
    }

    @Test
    void timesWhatItIsToldTo() {
        assertThat(monitor.timesOneIn()).isEqualTo(32);
        assertThat(monitor.forPool(ORDERS, new LoanCounter()).timesOneIn()).isEqualTo(32);
        assertThat(new PoolMonitor(1).forPool(ORDERS, new LoanCounter()).timesOneIn())
                .isEqualTo(1);
        assertThatThrownBy(() -> new PoolMonitor(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timesOneIn is 3; accepted: a power of two");
        assertThatThrownBy(() -> new PoolMonitor(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PoolMonitor(Integer.MIN_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }
}
