package io.memfuse.core.pool;

import java.time.Duration;
import java.util.Objects;

/**
 * How large a pool may get and how long things may take; the same for every technology. Immutable and thread-safe.
 *
 * @param minSize connections that are kept open, at least; 0 or more
 * @param maxSize connections at most; 1 or more, and not less than {@code minSize}
 * @param maxQueries statements after which a connection is replaced, when it is given back; 0 for no limit
 * @param maxInactiveConnectionLifetime how long a connection beyond {@code minSize} may lie idle; zero for ever
 * @param timeout how long it may take to establish or to obtain a connection; positive
 * @param commandTimeout how long one statement may run until the server cancels it; zero for no limit
 */
public record PoolLimits(
        int minSize,
        int maxSize,
        int maxQueries,
        Duration maxInactiveConnectionLifetime,
        Duration timeout,
        Duration commandTimeout) {

    /** The defaults: 5 to 20 connections, 50 000 queries, 300 s inactive, 60 s to connect, 60 s for a statement. */
    public static final PoolLimits DEFAULTS =
            new PoolLimits(5, 20, 50_000, Duration.ofSeconds(300), Duration.ofSeconds(60), Duration.ofSeconds(60));

    /** @throws IllegalArgumentException if a value is out of its range; the message names it and the range */
    public PoolLimits {
        require(minSize >= 0, "min_size", minSize, "0 or more");
        require(maxSize >= 1, "max_size", maxSize, "1 or more");
        require(minSize <= maxSize, "min_size", minSize, "at most max_size, which is " + maxSize);
        require(maxQueries >= 0, "max_queries", maxQueries, "0 (no limit) or more");
        require(
                !Objects.requireNonNull(maxInactiveConnectionLifetime).isNegative(),
                "max_inactive_connection_lifetime",
                maxInactiveConnectionLifetime,
                "0 (no limit) or more");
        require(!Objects.requireNonNull(timeout).isNegative() && !timeout.isZero(), "timeout", timeout, "more than 0");
        require(
                !Objects.requireNonNull(commandTimeout).isNegative(),
                "command_timeout",
                commandTimeout,
                "0 (no limit) or more");
    }

    private static void require(boolean valid, String name, Object value, String accepted) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + "; accepted: " + accepted);
        }
    }

    /** Returns these limits with other sizes. */
    public PoolLimits withSizes(int newMinSize, int newMaxSize) {
        return new PoolLimits(
                newMinSize, newMaxSize, maxQueries, maxInactiveConnectionLifetime, timeout, commandTimeout);
    }

    /** Returns these limits with another number of queries for a connection. */
    public PoolLimits withMaxQueries(int newMaxQueries) {
        return new PoolLimits(minSize, maxSize, newMaxQueries, maxInactiveConnectionLifetime, timeout, commandTimeout);
    }

    /** Returns these limits with another lifetime for inactive connections. */
    public PoolLimits withMaxInactiveConnectionLifetime(Duration newLifetime) {
        return new PoolLimits(minSize, maxSize, maxQueries, newLifetime, timeout, commandTimeout);
    }

    /** Returns these limits with another time to establish or obtain a connection. */
    public PoolLimits withTimeout(Duration newTimeout) {
        return new PoolLimits(minSize, maxSize, maxQueries, maxInactiveConnectionLifetime, newTimeout, commandTimeout);
    }

    /** Returns these limits with another time for a statement. */
    public PoolLimits withCommandTimeout(Duration newCommandTimeout) {
        return new PoolLimits(minSize, maxSize, maxQueries, maxInactiveConnectionLifetime, timeout, newCommandTimeout);
    }
}
