package io.memfuse.core.pool;

/**
 * Opens pools of one technology: the SPI that an adapter implements. Found by {@link java.util.ServiceLoader}, or given to
 * the registry by hand. Thread-safe; several openings run at once.
 *
 * @param <R> what callers use of a pool, such as {@code javax.sql.DataSource}
 */
public interface PoolProvider<R> {

    /** Returns the name by which a {@link PoolSpec} asks for this provider, in lower case. */
    String name();

    /** Returns the type of what callers use. */
    Class<R> resourceType();

    /**
     * Tells whether a pool of this provider can connect to {@code endpoints}, by what they are like and not by whether they
     * answer: to one host over TCP at least. A configuration that asks for more than its provider can do is refused.
     */
    default boolean connectsTo(Endpoints endpoints) {
        return !endpoints.isChoice() && !endpoints.hasSocket();
    }

    /**
     * Opens a pool and establishes its first connection, so that a pool that is open is known to work. Called on the
     * engine's executor, under no lock; may block, for {@link PoolLimits#timeout()} at most. When it throws it has left
     * nothing behind.
     *
     * @throws PoolOpenException if the database cannot be used, with the kind of failure
     * @throws Exception anything else counts as a failure of kind {@link FailureKind#OTHER}
     */
    PoolHandle<R> open(PoolSpec spec, PoolContext context) throws Exception;

    /**
     * Returns a resource that stays valid while the pools behind {@code route} come and go: each use asks the route for
     * the pool of the moment, and asks again when that pool refuses because it drains. Opens nothing by itself.
     */
    R durable(PoolRoute<R> route);
}
