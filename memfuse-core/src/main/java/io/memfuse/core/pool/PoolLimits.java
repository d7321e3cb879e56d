package io.memfuse.core.pool;

import java.time.Duration;
import java.util.Objects;

/**
 * How large a pool may get and how long things may take; the same for every technology. Immutable and thread-safe.
 *
 * @param minSize connections that are kept open, at least; 0 or more
 * @param maxSize connections at most; 1 to {@value #MAX_SIZE}, and not less than {@code minSize}
 * @param maxQueries statements after which a connection is replaced, when it is given back; 0 for no limit. Each member of
 *     a batch counts as one, and so does each set of values that one statement is executed with; a text of several
 *     statements that is executed at once counts as one
 * @param maxInactiveConnectionLifetime how long a connection beyond {@code minSize} may lie idle; zero for ever
 * @param timeout how long it may take to establish or to obtain a connection; positive
 * @param commandTimeout how long one statement may run until the server cancels it; zero for no limit
 * @param maxConnectionLifetime the age at which a connection is replaced: in the background if it is idle, when it is given
 *     back if not. For each connection it is up to a tenth less, at random, so that those that were made together do not
 *     end together; zero for no limit
 */
public record PoolLimits(
        int minSize,
        int maxSize,
        int maxQueries,
        Duration maxInactiveConnectionLifetime,
        Duration timeout,
        Duration commandTimeout,
        Duration maxConnectionLifetime) {

    /** The largest pool that there may be; a server that takes as many connections is not known. */
    public static final int MAX_SIZE = 10_000;

    /**
     * The defaults: 5 to 20 connections, 50 000 queries, 300 s inactive, 60 s to connect, 60 s for a statement, 30 minutes
     * for a connection.
     */
    public static final PoolLimits DEFAULTS = new PoolLimits(
            5,
            20,
            50_000,
            Duration.ofSeconds(300),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMinutes(30));

    /** @throws IllegalArgumentException if a value is out of its range; the message names it and the range */
    public PoolLimits {
        require(minSize >= 0, "min_size", minSize, "0 or more");
        require(maxSize >= 1 && maxSize <= MAX_SIZE, "max_size", maxSize, "1 to " + MAX_SIZE);
        require(minSize <= maxSize, "min_size", minSize, "at most max_size, which is " + maxSize);
        require(maxQueries >= 0, "max_queries", maxQueries, "0 (no limit) or more");
        requireLimit("max_inactive_connection_lifetime", maxInactiveConnectionLifetime);
        require(
                !Objects.requireNonNull(timeout, "timeout").isNegative() && !timeout.isZero(),
                "timeout",
                timeout,
                "more than 0");
        requireLimit("command_timeout", commandTimeout);
        requireLimit("max_connection_lifetime", maxConnectionLifetime);
    }

    private static void requireLimit(String name, Duration value) {
        require(!Objects.requireNonNull(value, name).isNegative(), name, value, "0 (no limit) or more");
    }

    private static void require(boolean valid, String name, Object value, String accepted) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + "; accepted: " + accepted);
        }
    }

    /** Returns these limits with other sizes. */
    public PoolLimits withSizes(int newMinSize, int newMaxSize) {
        return new PoolLimits(
                newMinSize,
                newMaxSize,
                maxQueries,
                maxInactiveConnectionLifetime,
                timeout,
                commandTimeout,
                maxConnectionLifetime);
    }

    /** Returns these limits with another number of queries for a connection. */
    public PoolLimits withMaxQueries(int newMaxQueries) {
        return new PoolLimits(
                minSize,
                maxSize,
                newMaxQueries,
                maxInactiveConnectionLifetime,
                timeout,
                commandTimeout,
                maxConnectionLifetime);
    }

    /** Returns these limits with another lifetime for inactive connections. */
    public PoolLimits withMaxInactiveConnectionLifetime(Duration newLifetime) {
        return new PoolLimits(
                minSize, maxSize, maxQueries, newLifetime, timeout, commandTimeout, maxConnectionLifetime);
    }

    /** Returns these limits with another time to establish or obtain a connection. */
    public PoolLimits withTimeout(Duration newTimeout) {
        return new PoolLimits(
                minSize,
                maxSize,
                maxQueries,
                maxInactiveConnectionLifetime,
                newTimeout,
                commandTimeout,
                maxConnectionLifetime);
    }

    /** Returns these limits with another time for a statement. */
    public PoolLimits withCommandTimeout(Duration newCommandTimeout) {
        return new PoolLimits(
                minSize,
                maxSize,
                maxQueries,
                maxInactiveConnectionLifetime,
                timeout,
                newCommandTimeout,
                maxConnectionLifetime);
    }

    /** Returns these limits with another lifetime for connections. */
    public PoolLimits withMaxConnectionLifetime(Duration newLifetime) {
        return new PoolLimits(
                minSize, maxSize, maxQueries, maxInactiveConnectionLifetime, timeout, commandTimeout, newLifetime);
    }
}
