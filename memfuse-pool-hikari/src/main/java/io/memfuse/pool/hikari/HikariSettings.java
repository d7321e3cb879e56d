package io.memfuse.pool.hikari;

import com.zaxxer.hikari.HikariConfig;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolLimits;
import java.time.Duration;

/** Turns limits into HikariCP's configuration; refuses what HikariCP would silently replace by something else. */
final class HikariSettings {

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(250);
    private static final Duration MIN_IDLE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MIN_LIFETIME = Duration.ofSeconds(30);

    /** HikariCP ignores an idle timeout that is not shorter than the lifetime by this, with a warning. */
    private static final Duration IDLE_BELOW_LIFETIME = Duration.ofSeconds(1);

    /** The driver and the server count milliseconds in 32 bits. */
    private static final Duration MAX = Duration.ofDays(24);

    private static final Duration MAX_VALIDATION_TIMEOUT = Duration.ofSeconds(5);

    /** A borrower who meets a connection that does not answer has most of his time left for another one. */
    private static final int VALIDATION_PART = 3;

    private HikariSettings() {}

    /** @throws IllegalArgumentException if a limit is out of HikariCP's range; the message names it and the range */
    static void check(PoolLimits limits) {
        require("timeout", limits.timeout(), MIN_TIMEOUT, false);
        require("command_timeout", limits.commandTimeout(), Duration.ofMillis(1), true);
        require("max_inactive_connection_lifetime", limits.maxInactiveConnectionLifetime(), MIN_IDLE_TIMEOUT, true);
        require("max_connection_lifetime", limits.maxConnectionLifetime(), MIN_LIFETIME, true);
    }

    private static void require(String name, Duration value, Duration min, boolean zeroAllowed) {
        if (zeroAllowed && value.isZero()) {
            return;
        }
        if (value.compareTo(min) < 0 || value.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + value + "; accepted by the provider '" + HikariPoolProvider.NAME + "': " + min
                            + " to " + MAX + (zeroAllowed ? ", or 0 for no limit" : ""));
        }
    }

    static HikariConfig toConfig(PoolLimits limits, PoolContext context, ConnectionSource source, PoolThreads threads) {
        var config = new HikariConfig();
        config.setPoolName(context.key().toString());
        config.setDataSource(source);
        config.setScheduledExecutor(context.scheduler());
        config.setThreadFactory(threads);
        config.setMaximumPoolSize(limits.maxSize());
        config.setMinimumIdle(limits.minSize());
        config.setIdleTimeout(idleTimeoutMillis(limits));
        config.setMaxLifetime(limits.maxConnectionLifetime().toMillis());
        config.setConnectionTimeout(limits.timeout().toMillis());
        config.setValidationTimeout(checkTimeout(limits).toMillis());
        // Its constructor takes the first connection, which was made before it; if that cannot be prepared, there is no
        // second attempt.
        config.setInitializationFailTimeout(1);
        // It would do I/O on the scheduler that all pools share.
        config.setKeepaliveTime(0);
        return config;
    }

    /** Returns how long a connection that lay idle may take to answer before it is lent. */
    static Duration checkTimeout(PoolLimits limits) {
        Duration part = Duration.ofMillis(limits.timeout().toMillis() / VALIDATION_PART);
        Duration most = part.compareTo(MAX_VALIDATION_TIMEOUT) < 0 ? part : MAX_VALIDATION_TIMEOUT;
        return most.compareTo(MIN_TIMEOUT) < 0 ? MIN_TIMEOUT : most;
    }

    /**
     * None where it means nothing and HikariCP would warn of it: a pool of fixed size closes nothing that is idle, and what
     * lies idle for longer than a connection lives has outlived itself.
     */
    static long idleTimeoutMillis(PoolLimits limits) {
        Duration idle = limits.maxInactiveConnectionLifetime();
        Duration lifetime = limits.maxConnectionLifetime();
        boolean outlived = !lifetime.isZero() && idle.plus(IDLE_BELOW_LIFETIME).compareTo(lifetime) > 0;
        return outlived || limits.minSize() == limits.maxSize() ? 0 : idle.toMillis();
    }
}
