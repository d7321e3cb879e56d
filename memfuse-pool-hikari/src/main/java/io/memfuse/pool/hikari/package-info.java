/**
 * JDBC pools on HikariCP. {@link io.memfuse.pool.hikari.HikariPoolProvider} is the way in; the rest is its own.
 *
 * <p>From outside to inside: {@code DurableDataSource} outlives its pools; {@code PooledDataSource} is what borrowers use of
 * one pool, and {@code HikariPoolHandle} what the registry drives; HikariCP lends and takes back; {@code ConnectionSource}
 * gives it connections of the {@code Supply}, which {@code Connector} makes side by side, through {@code PgDriver}; {@code PhysicalConnection} is cleaned when it is given back,
 * so that nothing of one borrower reaches the next.
 *
 * <p>Promises no thread of its own while a pool is idle and no connection left behind by a pool that is closed. Uses the SPI
 * of the core, HikariCP and, in {@code PgDriver} alone, the PostgreSQL driver.
 */
@NullMarked
package io.memfuse.pool.hikari;

import org.jspecify.annotations.NullMarked;
