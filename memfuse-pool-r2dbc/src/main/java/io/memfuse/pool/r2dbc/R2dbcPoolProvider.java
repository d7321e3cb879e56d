package io.memfuse.pool.r2dbc;

import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Durations;
import io.memfuse.core.time.Ticker;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens reactive pools for PostgreSQL; its R2DBC driver ({@code org.postgresql:r2dbc-postgresql}) is brought by the user. The
 * name is {@value #NAME}. Immutable and thread-safe.
 *
 * <p>Nothing of one borrower reaches the next: a connection that is given back is rolled back if its borrower left a
 * transaction open, however it was begun, and gets back its isolation level, lock and statement time-outs. One whose statements
 * were not read to the end is asked first whether it is in one, which costs a round trip; one that still executes after 2 s is
 * cancelled on the server and replaced. What a borrower changed by SQL ({@code SET}, {@code LISTEN}, temporary tables, advisory locks)
 * stays, as undoing it would cost a round trip each time.
 *
 * <p>A borrower waits for {@code timeout} at most, whatever happens meanwhile. One who cancels before he is given a
 * connection gets none; from then on it is his, to be closed: {@code Mono.usingWhen} does so in every case.
 *
 * <p>Limits that cannot be kept are refused with {@link FailureKind#MISCONFIGURED}: times beyond 24 days, and a
 * {@code command_timeout} between 0 and 1 ms.
 */
public final class R2dbcPoolProvider implements PoolProvider<ConnectionFactory> {

    /** The name of this provider. */
    public static final String NAME = "r2dbc";

    /**
     * The key under which a subscriber's context may have the name of the borrower, where holders are tracked
     * ({@link io.memfuse.core.pool.HolderTracking}); else it is the thread that subscribes.
     */
    public static final String BORROWER = "memfuse.borrower";

    private static final Logger LOG = LoggerFactory.getLogger(R2dbcPoolProvider.class);

    /** The server counts milliseconds in 32 bits. */
    private static final Duration MAX = Duration.ofDays(24);

    /** A login ends itself in time; who waits for it gives it that much longer to say why. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final SessionDriver.Factory drivers;
    private final Ticker ticker;

    /** Makes a provider; for {@link java.util.ServiceLoader} and for the registry's builder. */
    public R2dbcPoolProvider() {
        this((spec, context) ->
                new PgDriver(spec, context)); // Loaded when it is first needed, for there may be no driver.
    }

    /** @param drivers makes the driver of a pool; throws IllegalArgumentException if the spec cannot work */
    R2dbcPoolProvider(SessionDriver.Factory drivers) {
        this(drivers, Ticker.system());
    }

    /**
     * @param drivers makes the driver of a pool; throws IllegalArgumentException if the spec cannot work
     * @param ticker the time that borrowers wait who are in no pool yet
     */
    R2dbcPoolProvider(SessionDriver.Factory drivers, Ticker ticker) {
        this.drivers = drivers;
        this.ticker = ticker;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<ConnectionFactory> resourceType() {
        return ConnectionFactory.class;
    }

    /** {@inheritDoc} To several as well, and to Unix-domain sockets. */
    @Override
    public boolean connectsTo(Endpoints endpoints) {
        return true;
    }

    @Override
    public PoolHandle<ConnectionFactory> open(PoolSpec spec, PoolContext context) throws InterruptedException {
        Deadline started = Deadline.after(spec.limits().timeout(), context.ticker());
        var core = new PoolCore(context, spec.limits(), driver(spec, context));
        var pool = new R2dbcPoolHandle(core, spec.limits());
        boolean open = false;
        try {
            awaitFirst(core, started);
            LOG.debug("{}: opened after {}", context.key(), Durations.format(started.elapsed()));
            open = true;
            return pool;
        } finally {
            if (!open) {
                pool.close(Duration.ZERO);
            }
        }
    }

    private static void awaitFirst(PoolCore core, Deadline started) throws InterruptedException {
        var opened = new CompletableFuture<@Nullable Void>();
        core.tell(() -> core.supply().open(opened));
        try {
            opened.get(started.remaining().plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PoolOpenException failure) {
                throw failure;
            }
            throw ConnectFailures.toPoolException(core.key(), e, started.elapsed());
        } catch (TimeoutException e) {
            throw ConnectFailures.toPoolException(core.key(), e, started.elapsed());
        }
    }

    private SessionDriver driver(PoolSpec spec, PoolContext context) {
        try {
            check(spec.limits());
            return drivers.create(spec, context);
        } catch (IllegalArgumentException | LinkageError e) {
            throw ConnectFailures.toPoolException(context.key(), e, Duration.ZERO);
        }
    }

    static void check(PoolLimits limits) {
        require("timeout", limits.timeout(), Duration.ofNanos(1), false);
        require("command_timeout", limits.commandTimeout(), Duration.ofMillis(1), true);
        require("max_inactive_connection_lifetime", limits.maxInactiveConnectionLifetime(), Duration.ofNanos(1), true);
        require("max_connection_lifetime", limits.maxConnectionLifetime(), Duration.ofNanos(1), true);
    }

    private static void require(String name, Duration value, Duration min, boolean zeroAllowed) {
        if (!(zeroAllowed && value.isZero()) && (value.compareTo(min) < 0 || value.compareTo(MAX) > 0)) {
            throw new IllegalArgumentException(name + " is " + value + "; accepted by the provider '" + NAME + "': "
                    + min + " to " + MAX + (zeroAllowed ? ", or 0 for no limit" : ""));
        }
    }

    /** {@inheritDoc} Never blocks; the time that a borrower waits goes on while a pool is opened, and from pool to pool. */
    @Override
    public ConnectionFactory durable(PoolRoute<ConnectionFactory> route) {
        return new DurableConnectionFactory(Objects.requireNonNull(route, "route"), ticker);
    }
}
