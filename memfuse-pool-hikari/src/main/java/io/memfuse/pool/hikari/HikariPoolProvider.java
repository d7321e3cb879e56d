package io.memfuse.pool.hikari;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import io.memfuse.core.time.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens JDBC pools on HikariCP, for PostgreSQL; its driver ({@code org.postgresql:postgresql}) is brought by the user. The
 * name is {@value #NAME}. Immutable and thread-safe.
 *
 * <p>A connection that is given back is rolled back if its borrower left a transaction open, however it was begun, and
 * gets back its auto-commit, read-only flag, isolation, schema, network timeout, holdability and application name; its
 * statements are closed. What a borrower changed by SQL ({@code SET}, {@code LISTEN}, temporary tables, advisory locks)
 * stays, as undoing it would cost a round trip each time.
 *
 * <p>Limits that HikariCP cannot keep are refused with {@link FailureKind#MISCONFIGURED}: a {@code timeout} below 250 ms, a
 * {@code max_inactive_connection_lifetime} between 0 and 10 s, a {@code max_connection_lifetime} between 0 and 30 s. HikariCP
 * looks for inactive connections every 30 s.
 *
 * <p>HikariCP is told two things by system properties that it reads while a pool starts, and {@link #open} sets them:
 * {@code com.zaxxer.hikari.enableRequestBoundaries}, without which it would not call the hook by which connections are
 * cleaned; and, unless it has a value already, {@code com.zaxxer.hikari.lifeTimeVarianceFactor}, so that lifetimes differ by a
 * tenth and not by a quarter.
 *
 * <p>HikariCP keeps what a thread gave back for that thread. Of a pool that is closed a thread lets go when it gives back
 * a connection of another one, or ends (docs/adr/0021).
 */
public final class HikariPoolProvider implements PoolProvider<DataSource> {

    /** The name of this provider. */
    public static final String NAME = "hikari";

    private static final Logger LOG = LoggerFactory.getLogger(HikariPoolProvider.class);

    private static final String REQUEST_BOUNDARIES = "com.zaxxer.hikari.enableRequestBoundaries";
    private static final String LIFETIME_VARIANCE = "com.zaxxer.hikari.lifeTimeVarianceFactor";

    private final SessionDriver.Factory drivers;

    /** Makes a provider; for {@link java.util.ServiceLoader} and for the registry's builder. */
    public HikariPoolProvider() {
        this((spec, key) -> new PgDriver(spec)); // Loaded when it is first needed, for there may be no driver.
    }

    /** @param drivers makes the driver of a pool; throws IllegalArgumentException if the spec cannot work */
    HikariPoolProvider(SessionDriver.Factory drivers) {
        this.drivers = drivers;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<DataSource> resourceType() {
        return DataSource.class;
    }

    /** {@inheritDoc} To several as well; not to Unix-domain sockets, for which the driver has nothing. */
    @Override
    public boolean connectsTo(Endpoints endpoints) {
        return !endpoints.hasSocket();
    }

    @Override
    public PoolHandle<DataSource> open(PoolSpec spec, PoolContext context) {
        Deadline started = Deadline.after(spec.limits().timeout(), context.ticker());
        PoolLimits limits = spec.limits();
        var members = new PoolMembers(context);
        context.loans().countedBy(members::loans);
        var threads = new PoolThreads(context.key());
        var connector =
                new Connector(driver(spec, context.key()), context, members, limits.timeout(), limits.maxQueries());
        var supply = new Supply(context, connector, members, limits);
        try {
            supply.connectFirst();
            var source = new ConnectionSource(connector, supply, threads);
            var pool = new RunningPool(start(limits, context, source, threads), members, context.ticker());
            members.started(pool);
            supply.started(pool);
            LOG.debug("{}: opened after {}", context.key(), Durations.format(started.elapsed()));
            return new HikariPoolHandle(context, limits, pool, connector, supply, members, threads);
        } catch (SQLException | RuntimeException | LinkageError e) {
            abandon(supply, members);
            throw ConnectFailures.toPoolException(context.key(), e, started.elapsed());
        } catch (Error e) {
            abandon(supply, members);
            throw e;
        }
    }

    private static void abandon(Supply supply, PoolMembers members) {
        supply.close();
        members.all().forEach(PhysicalConnection::closeQuietly);
    }

    private SessionDriver driver(PoolSpec spec, PoolKey<?> key) {
        try {
            HikariSettings.check(spec.limits());
            return drivers.create(spec, key);
        } catch (IllegalArgumentException | LinkageError e) {
            throw ConnectFailures.toPoolException(key, e, Duration.ZERO);
        }
    }

    /**
     * Starts HikariCP, whose constructor takes the connection that lies ready; from a pool that may be empty it would not, so
     * that it is told its minimum afterwards.
     */
    private static HikariDataSource start(
            PoolLimits limits, PoolContext context, ConnectionSource source, PoolThreads threads) throws SQLException {
        System.setProperty(REQUEST_BOUNDARIES, "true");
        System.getProperties().putIfAbsent(LIFETIME_VARIANCE, "10");
        PoolLimits atFirst = limits.withSizes(Math.max(1, limits.minSize()), limits.maxSize());
        try {
            var hikari = new HikariDataSource(HikariSettings.toConfig(atFirst, context, source, threads));
            if (limits.minSize() == 0) {
                hikari.setMinimumIdle(0);
                hikari.setIdleTimeout(HikariSettings.idleTimeoutMillis(limits));
            }
            return hikari;
        } catch (PoolInitializationException e) {
            if (e.getCause() instanceof SQLException reason) {
                throw reason;
            }
            throw e;
        }
    }

    /** {@inheritDoc} Who is sent on by one that drains has the limits of that one for both, and for the opening between them. */
    @Override
    public DataSource durable(PoolRoute<DataSource> route) {
        return new DurableDataSource(Objects.requireNonNull(route, "route"), Ticker.system());
    }
}
