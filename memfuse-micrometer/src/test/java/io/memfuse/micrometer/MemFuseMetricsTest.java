package io.memfuse.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider.Pool;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemFuseMetricsTest extends MetricsFixture {

    private static final String POOL = "db.client.connection.pool.name";
    private static final String STATE = "db.client.connection.state";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PoolKey<Resource> orders = register("orders");
    private final PoolKey<Resource> billing = register("billing");

    private void bind(MemFuseMetrics metrics) {
        metrics.bindTo(meters);
    }

    /** Lets what was shown so far be too old; the meters of new pools come with the look after. */
    private void nextScrape() {
        time.advance(SECOND);
        meters.get("memfuse.pools").tag("state", "open").gauge().value();
    }

    private double gauge(String name, Object pool, String... more) {
        return meters.get(name).tag(POOL, pool.toString()).tags(more).gauge().value();
    }

    private double counter(String name, Object pool) {
        return meters.get(name).tag(POOL, pool.toString()).functionCounter().count();
    }

    private double seconds(String name, Object pool, String quantile) {
        return meters.get(name)
                .tag(POOL, pool.toString())
                .tag("quantile", quantile)
                .timeGauge()
                .value(TimeUnit.SECONDS);
    }

    private double oldestWaiterSeconds(Object pool) {
        return meters.get("memfuse.pool.oldest_waiter.age")
                .tag(POOL, pool.toString())
                .timeGauge()
                .value(TimeUnit.SECONDS);
    }

    private FunctionTimer timer(String name, Object pool) {
        return meters.get(name).tag(POOL, pool.toString()).functionTimer();
    }

    private List<String> pools() {
        return meters.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().equals("db.client.connection.max"))
                .map(id -> id.getTag(POOL))
                .toList();
    }

    @Test
    void showsTheConnectionsOfAPool() {
        Pool pool = open(orders);
        pool.connections(7);
        pool.borrow(3);
        bind(metrics().build());

        assertThat(gauge("db.client.connection.count", orders, STATE, "used")).isEqualTo(3);
        assertThat(gauge("db.client.connection.count", orders, STATE, "idle")).isEqualTo(4);
        assertThat(gauge("db.client.connection.max", orders)).isEqualTo(20);
        assertThat(gauge("db.client.connection.idle.max", orders)).isEqualTo(20);
        assertThat(gauge("db.client.connection.idle.min", orders)).isEqualTo(2);
        assertThat(gauge("db.client.connection.pending_requests", orders)).isZero();
        assertThat(gauge("memfuse.pool.state", orders)).as("open").isEqualTo(2);
        assertThat(meters.get("memfuse.pools").tag("state", "open").gauge().value())
                .isEqualTo(1);
        assertThat(meters.get("memfuse.pools")
                        .tag("state", "registered")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void showsForHowLongTheOldestBorrowerHasWaited() {
        open(orders).waiting(3, Duration.ofMillis(1_500));
        bind(metrics().build());

        assertThat(gauge("db.client.connection.pending_requests", orders)).isEqualTo(3);
        assertThat(oldestWaiterSeconds(orders)).isEqualTo(1.5);
    }

    @Test
    void countsEveryBorrowerAndEstimatesTheTimeOfAllByThatOfSome() {
        Pool pool = open(orders);
        bind(metrics().build());
        pool.lend(15);
        pool.lendTimed(Duration.ofMillis(5));
        adapterOf(pool).released(orders, Duration.ofMillis(20).toNanos());
        adapterOf(pool).timedOut(orders, 1);
        nextScrape();

        assertThat(timer("db.client.connection.wait_time", orders).count()).isEqualTo(16);
        assertThat(timer("db.client.connection.wait_time", orders).totalTime(TimeUnit.MILLISECONDS))
                .isCloseTo(16 * 5, within(1e-6));
        assertThat(timer("db.client.connection.use_time", orders).count()).isEqualTo(16);
        assertThat(timer("db.client.connection.use_time", orders).totalTime(TimeUnit.MILLISECONDS))
                .isCloseTo(16 * 20, within(1e-6));
        assertThat(counter("db.client.connection.timeouts", orders)).isEqualTo(1);
        assertThat(meters.get("memfuse.pools.acquired").functionCounter().count())
                .isEqualTo(16);
    }

    @Test
    void showsTheTimesOfTheLastMinuteOrTwo() {
        Pool pool = open(orders);
        bind(metrics().build());
        assertThat(seconds("memfuse.pool.wait_time.quantile", orders, "0.99")).isNaN();

        pool.lendTimed(Duration.ofSeconds(1));
        nextScrape();
        assertThat(seconds("memfuse.pool.wait_time.quantile", orders, "0.99")).isBetween(1.0, 1.25);
        assertThat(meters.get("memfuse.pools.wait_time.quantile")
                        .tag("quantile", "1")
                        .timeGauge()
                        .value(TimeUnit.SECONDS))
                .isBetween(1.0, 1.25);

        for (int i = 0; i < 2; i++) {
            time.advance(Duration.ofMinutes(1));
            nextScrape();
        }
        assertThat(seconds("memfuse.pool.wait_time.quantile", orders, "0.99")).isNaN();
    }

    @Test
    void takesAwayTheMetersOfAPoolThatIsEvictedAndKeepsItsTotals() {
        Pool pool = open(orders);
        bind(metrics().build());
        pool.lend(3);
        assertThat(pools()).containsExactlyInAnyOrder(orders.toString(), "other");

        pools.evict(orders).toCompletableFuture().join();
        nextScrape();

        assertThat(pools()).containsExactly("other");
        assertThat(meters.getMeters())
                .noneMatch(meter -> orders.toString().equals(meter.getId().getTag(POOL)));
        assertThat(meters.get("memfuse.pools.acquired").functionCounter().count())
                .isEqualTo(3);
        assertThat(meters.get("memfuse.pools.evicted").functionCounter().count())
                .isEqualTo(1);

        health.look();
        health.look(); // The monitor keeps it no more.
        assertThat(monitor.activities()).doesNotContainKey(orders);
        nextScrape();
        assertThat(meters.get("memfuse.pools.acquired").functionCounter().count())
                .isEqualTo(3);
    }

    @Test
    void hasMetersForThePoolsThatAreUsedMostAndCountsTheOthersTogether() {
        Pool busy = open(orders);
        Pool quiet = open(billing);
        open(register("idle")).waiting(1, Duration.ofSeconds(2));
        quiet.borrow(1);
        quiet.waiting(2, Duration.ofSeconds(7));
        busy.lend(10);
        quiet.lend(4);
        bind(metrics().topPools(1).build());

        assertThat(pools()).containsExactlyInAnyOrder(orders.toString(), "other");
        assertThat(timer("db.client.connection.wait_time", "other").count()).isEqualTo(4);
        assertThat(gauge("db.client.connection.count", "other", STATE, "used")).isEqualTo(1);
        assertThat(gauge("db.client.connection.max", "other")).isEqualTo(40);
        assertThat(gauge("db.client.connection.pending_requests", "other")).isEqualTo(3);
        assertThat(oldestWaiterSeconds("other")).isEqualTo(7);

        quiet.lend(30); // Becomes the busiest.
        nextScrape();
        assertThat(pools()).containsExactlyInAnyOrder(billing.toString(), "other");
        assertThat(timer("db.client.connection.wait_time", billing).count()).isEqualTo(34);
        assertThat(timer("db.client.connection.wait_time", "other").count())
                .as("what was counted with the others stays with them, and what went by with orders stays away")
                .isEqualTo(4);

        busy.lend(1);
        nextScrape();
        assertThat(timer("db.client.connection.wait_time", "other").count()).isEqualTo(5);
    }

    @Test
    void looksOnceAtThePoolsForAllMetersOfAScrape() {
        var asked = new AtomicInteger();
        open(orders).beforeStats(asked::incrementAndGet);
        bind(metrics().build());
        nextScrape();
        asked.set(0);

        time.advance(SECOND);
        meters.getMeters().forEach(meter -> meter.measure().forEach(measured -> measured.getValue()));
        meters.getMeters().forEach(meter -> meter.measure().forEach(measured -> measured.getValue()));
        assertThat(asked).hasValue(1);
    }

    @Test
    void showsWhyAndForHowLongAPoolIsLeftAlone() {
        provider.script("orders", (spec, context) -> {
            throw refused(orders);
        });
        assertThatThrownBy(() -> open(orders)).isInstanceOf(PoolException.class);
        time.advance(SECOND);
        health.look();
        bind(metrics().build());

        assertThat(gauge("memfuse.pool.state", orders)).as("failed").isEqualTo(4);
        assertThat(gauge("memfuse.pool.health", orders)).as("down").isEqualTo(2);
        assertThat(meters.get("memfuse.health").gauge().value())
                .as("degraded, for the other pool is not down")
                .isEqualTo(1);
        assertThat(meters.get("memfuse.pools.health")
                        .tag("status", "down")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(meters.get("memfuse.pool.next_attempt")
                        .tag(POOL, orders.toString())
                        .timeGauge()
                        .value(TimeUnit.SECONDS))
                .isEqualTo(7);
        assertThat(counter("memfuse.pool.open_failures", orders)).isEqualTo(1);
    }

    @Test
    void countsConnectionsThatAreMadeAndThoseThatAreNot() {
        Pool pool = open(orders);
        adapterOf(pool).connected(orders, Duration.ofMillis(9).toNanos());
        adapterOf(pool).connectFailed(orders, refused(orders));
        bind(metrics().build());

        assertThat(timer("db.client.connection.create_time", orders).count()).isEqualTo(1);
        assertThat(timer("db.client.connection.create_time", orders).totalTime(TimeUnit.MILLISECONDS))
                .isCloseTo(9, within(1e-6));
        assertThat(counter("memfuse.pool.connect_failures", orders)).isEqualTo(1);
        assertThat(counter("memfuse.pool.opened", orders)).isEqualTo(1);
    }

    @Test
    void countsBorrowersThatAreRefusedAndConnectionsThatAreHeldForTooLong() {
        Pool pool = open(orders);
        open(billing);
        adapterOf(pool).refused(orders, refused(orders));
        adapterOf(pool).refused(orders, refused(orders));
        adapterOf(pool).leaked(orders, new ConnectionHolder("job", SECOND, List.of()));
        bind(metrics().build());

        assertThat(counter("memfuse.pool.refused", orders)).isEqualTo(2);
        assertThat(counter("memfuse.pool.refused", billing)).isZero();
        assertThat(counter("memfuse.pool.leaks", orders)).isEqualTo(1);
        assertThat(counter("memfuse.pool.leaks", billing)).isZero();
        assertThat(meters.get("memfuse.pools.refused").functionCounter().count())
                .isEqualTo(2);
        assertThat(meters.get("memfuse.pools.leaks").functionCounter().count()).isEqualTo(1);
    }

    @Test
    void showsTheLockAndTheServices() {
        services.get("alice", Greeting.class);
        services.get("alice", Greeting.class);
        services.get("bob", Greeting.class);
        bind(metrics().build());

        assertThat(meters.get("memfuse.services.gets")
                        .tag("result", "hit")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("memfuse.services.gets")
                        .tag("result", "miss")
                        .functionCounter()
                        .count())
                .isEqualTo(2);
        assertThat(meters.get("memfuse.services.users").gauge().value()).isEqualTo(2);
        assertThat(meters.get("memfuse.services.instances").gauge().value()).isEqualTo(2);
        assertThat(meters.get("memfuse.services.load_time").functionTimer().count())
                .isEqualTo(2);
        double reads = meters.get("memfuse.lock.acquisitions")
                .tag("mode", "read")
                .functionCounter()
                .count();
        assertThat(reads).as("two registrations, and the look itself").isGreaterThanOrEqualTo(3);
        nextScrape();
        assertThat(meters.get("memfuse.lock.acquisitions")
                        .tag("mode", "read")
                        .functionCounter()
                        .count())
                .isGreaterThan(reads);
    }

    @Test
    void leavesOutWhatItWasNotGiven() {
        bind(MemFuseMetrics.builder(pools, monitor).ticker(time).build());

        assertThat(meters.find("memfuse.pools").gauge()).isNotNull();
        assertThat(meters.getMeters())
                .extracting(meter -> meter.getId().getName())
                .noneMatch(name -> name.startsWith("memfuse.services") || name.contains("health"));
    }

    @Test
    void takesAwayAllMetersWhenItIsClosed() {
        open(orders);
        MemFuseMetrics metrics = metrics().build();
        bind(metrics);
        assertThat(meters.getMeters()).hasSizeGreaterThan(50);

        metrics.close();
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void refusesANegativeNumberOfPools() {
        assertThatThrownBy(() -> metrics().topPools(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("topPools is -1; accepted: 0 or more");
    }
}
