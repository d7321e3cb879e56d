package io.memfuse.micrometer;

import io.memfuse.core.health.HealthStatus;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.service.ServiceCacheStats;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The meters: names, and what they show. docs/metrics.md has the same as a table, which a test compares. */
final class Meters {

    static final String POOL_NAME = "db.client.connection.pool.name";
    private static final String STATE = "db.client.connection.state";

    private Meters() {}

    /** Of one pool, or of the others together. */
    static void ofPool(MeterSet<PoolFigures> meters) {
        String connections = "Connections, by whether they are in use";
        meters.gauge(
                        "db.client.connection.count",
                        connections,
                        pool -> pool.stats().idle(),
                        STATE,
                        "idle")
                .gauge(
                        "db.client.connection.count",
                        connections,
                        pool -> pool.stats().active(),
                        STATE,
                        "used")
                .gauge(
                        "db.client.connection.idle.max",
                        "Connections that may be idle, at most",
                        pool -> pool.stats().maxSize())
                .gauge(
                        "db.client.connection.idle.min",
                        "Connections that are kept open, at least",
                        pool -> pool.stats().minSize())
                .gauge(
                        "db.client.connection.max",
                        "Connections, at most",
                        pool -> pool.stats().maxSize())
                .gauge(
                        "db.client.connection.pending_requests",
                        "Borrowers that wait for a connection",
                        pool -> pool.stats().waiting())
                .time(
                        "memfuse.pool.oldest_waiter.age",
                        "How long the borrower has waited who has waited longest, at least",
                        pool -> pool.stats().oldestWaiterAge().toNanos())
                .counter(
                        "db.client.connection.timeouts",
                        "Borrowers that gave up waiting",
                        pool -> pool.counts().get(Count.TIMED_OUT))
                .timer(
                        "db.client.connection.create_time",
                        "Time to establish a connection",
                        pool -> pool.counts().get(Count.CONNECTED),
                        pool -> pool.counts().get(Count.CONNECT_TIME))
                .timer(
                        "db.client.connection.wait_time",
                        "Time until a borrower had a connection; the sum is an estimate",
                        pool -> pool.counts().get(Count.ACQUIRED),
                        pool -> pool.counts().get(Count.WAIT_TIME))
                .timer(
                        "db.client.connection.use_time",
                        "Time that a borrower held a connection; the sum is an estimate",
                        pool -> pool.counts().get(Count.ACQUIRED),
                        pool -> pool.counts().get(Count.USE_TIME))
                .gauge("memfuse.pool.leases", "Leases that keep a pool from being closed", PoolFigures::leases)
                .counter(
                        "memfuse.pool.opened",
                        "Openings that succeeded",
                        pool -> pool.counts().get(Count.OPENED))
                .counter(
                        "memfuse.pool.open_failures",
                        "Openings that failed",
                        pool -> pool.counts().get(Count.OPEN_FAILED))
                .counter(
                        "memfuse.pool.connect_failures",
                        "Connections that could not be established",
                        pool -> pool.counts().get(Count.CONNECT_FAILED))
                .counter(
                        "memfuse.pool.refused",
                        "Borrowers that were refused, for no connection could be made",
                        pool -> pool.counts().get(Count.REFUSED))
                .counter(
                        "memfuse.pool.leaks",
                        "Connections that were reported to be held for too long",
                        pool -> pool.counts().get(Count.LEAKED))
                .counter(
                        "memfuse.pool.evicted",
                        "Pools that left the registry to be drained",
                        pool -> pool.counts().get(Count.EVICTED))
                .counter(
                        "memfuse.pool.closed",
                        "Pools that were closed",
                        pool -> pool.counts().get(Count.CLOSED));
    }

    /** Of one pool alone. */
    static void ofOnePool(MeterSet<PoolFigures> meters, boolean withHealth) {
        meters.gauge(
                        "memfuse.pool.state",
                        "0 registered, 1 opening, 2 open, 3 draining, 4 failed, 5 closed",
                        pool -> pool.now() == null
                                ? Double.NaN
                                : number(pool.now().state()))
                .time(
                        "memfuse.pool.next_attempt",
                        "For how long a failed pool is left alone",
                        pool -> pool.now() == null
                                ? 0
                                : pool.now().nextAttemptIn().toNanos())
                .quantiles(
                        "memfuse.pool.create_time",
                        "Time to establish a connection, of late",
                        pool -> pool.recent().creates())
                .quantiles(
                        "memfuse.pool.wait_time",
                        "Time until a borrower had a connection, of late",
                        pool -> pool.recent().waits())
                .quantiles(
                        "memfuse.pool.use_time",
                        "Time that a borrower held a connection, of late",
                        pool -> pool.recent().uses());
        if (withHealth) {
            meters.gauge("memfuse.pool.health", "0 up, 1 degraded, 2 down", pool -> number(pool.health()));
        }
    }

    /** Of all pools together, those that are gone among them, and of the registry's lock. */
    static void ofRegistry(MeterSet<Look> meters) {
        for (PoolState state : PoolState.values()) {
            meters.gauge(
                    "memfuse.pools",
                    "Pools, by state",
                    look -> look.states().getOrDefault(state, 0),
                    "state",
                    state.name().toLowerCase(Locale.ROOT));
        }
        meters.counter(
                        "memfuse.pools.acquired",
                        "Connections lent",
                        look -> look.all().get(Count.ACQUIRED))
                .counter(
                        "memfuse.pools.timeouts",
                        "Borrowers that gave up waiting",
                        look -> look.all().get(Count.TIMED_OUT))
                .counter(
                        "memfuse.pools.refused",
                        "Borrowers that were refused, for no connection could be made",
                        look -> look.all().get(Count.REFUSED))
                .counter(
                        "memfuse.pools.leaks",
                        "Connections that were reported to be held for too long",
                        look -> look.all().get(Count.LEAKED))
                .counter(
                        "memfuse.pools.connected",
                        "Connections established",
                        look -> look.all().get(Count.CONNECTED))
                .counter(
                        "memfuse.pools.connect_failures",
                        "Connections that could not be established",
                        look -> look.all().get(Count.CONNECT_FAILED))
                .counter(
                        "memfuse.pools.opened",
                        "Openings that succeeded",
                        look -> look.all().get(Count.OPENED))
                .counter(
                        "memfuse.pools.open_failures",
                        "Openings that failed",
                        look -> look.all().get(Count.OPEN_FAILED))
                .counter(
                        "memfuse.pools.evicted",
                        "Pools that left the registry to be drained",
                        look -> look.all().get(Count.EVICTED))
                .counter(
                        "memfuse.pools.closed",
                        "Pools that were closed",
                        look -> look.all().get(Count.CLOSED))
                .quantiles(
                        "memfuse.pools.wait_time",
                        "Time until a borrower had a connection, of late",
                        look -> look.recent().waits())
                .quantiles(
                        "memfuse.pools.use_time",
                        "Time that a borrower held a connection, of late",
                        look -> look.recent().uses());
        ofLock(meters);
    }

    private static void ofLock(MeterSet<Look> meters) {
        String acquisitions = "Acquisitions of the registry's lock";
        String holders = "Holders of the registry's lock";
        meters.counter(
                        "memfuse.lock.acquisitions",
                        acquisitions,
                        look -> look.lock().reads(),
                        "mode",
                        "read")
                .counter(
                        "memfuse.lock.acquisitions",
                        acquisitions,
                        look -> look.lock().writes(),
                        "mode",
                        "write")
                .counter(
                        "memfuse.lock.contended",
                        "Acquisitions that had to wait",
                        look -> look.lock().contended())
                .counter(
                        "memfuse.lock.timeouts",
                        "Waits for the lock that ended in vain",
                        look -> look.lock().timeouts())
                .counter(
                        "memfuse.lock.cancellations",
                        "Waits for the lock that were cancelled",
                        look -> look.lock().cancellations())
                .gauge("memfuse.lock.holders", holders, look -> look.lock().readersNow(), "mode", "read")
                .gauge("memfuse.lock.holders", holders, look -> look.lock().writingNow() ? 1 : 0, "mode", "write")
                .gauge(
                        "memfuse.lock.queue",
                        "Waiters for the lock",
                        look -> look.lock().waitingNow())
                .timer(
                        "memfuse.lock.wait_time",
                        "Time that contended acquisitions waited",
                        look -> look.lock().waits().count(),
                        look -> look.lock().waits().total().toNanos())
                .timer(
                        "memfuse.lock.write_hold_time",
                        "Time that the lock was held to write",
                        look -> look.lock().writeHolds().count(),
                        look -> look.lock().writeHolds().total().toNanos())
                .quantiles(
                        "memfuse.lock.wait_time", "Time that contended acquisitions waited, of late", Look::lockWaits)
                .quantiles(
                        "memfuse.lock.write_hold_time",
                        "Time that the lock was held to write, of late",
                        Look::lockHolds);
    }

    static void ofHealth(MeterSet<Look> meters) {
        meters.gauge(
                "memfuse.health",
                "All pools: 0 up, 1 degraded, 2 down",
                look -> look.health() == null
                        ? Double.NaN
                        : number(look.health().status()));
        for (HealthStatus status : HealthStatus.values()) {
            meters.gauge(
                    "memfuse.pools.health",
                    "Pools, by health",
                    look -> look.health() == null
                            ? Double.NaN
                            : look.health().pools().stream()
                                    .filter(pool -> pool.status() == status)
                                    .count(),
                    "status",
                    status.name().toLowerCase(Locale.ROOT));
        }
    }

    // Numbers that dashboards and alerts know: they stay, whatever the enums become.

    private static double number(@Nullable HealthStatus status) {
        if (status == null) {
            return Double.NaN;
        }
        return switch (status) {
            case UP -> 0;
            case DEGRADED -> 1;
            case DOWN -> 2;
        };
    }

    private static double number(PoolState state) {
        return switch (state) {
            case REGISTERED -> 0;
            case OPENING -> 1;
            case OPEN -> 2;
            case DRAINING -> 3;
            case FAILED -> 4;
            case CLOSED -> 5;
        };
    }

    static void ofServices(MeterSet<ServiceCacheStats> meters) {
        String gets = "Requests for a service, by whether it was there";
        meters.counter("memfuse.services.gets", gets, stats -> stats.hits(), "result", "hit")
                .counter("memfuse.services.gets", gets, stats -> stats.misses(), "result", "miss")
                .timer(
                        "memfuse.services.load_time",
                        "Time to make a service, or to fail to",
                        stats -> stats.loads() + stats.failures(),
                        stats -> stats.loadTime().toNanos())
                .counter("memfuse.services.load_failures", "Services that could not be made", stats -> stats.failures())
                .counter(
                        "memfuse.services.evictions",
                        "Users whose services were closed to make room, or on demand",
                        stats -> stats.evictions())
                .gauge("memfuse.services.users", "Users that have services", stats -> stats.users())
                .gauge("memfuse.services.instances", "Services that are there", stats -> stats.services());
    }
}
