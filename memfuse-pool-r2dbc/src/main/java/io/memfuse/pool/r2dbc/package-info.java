/**
 * Reactive pools for R2DBC. {@link io.memfuse.pool.r2dbc.R2dbcPoolProvider} is the way in; the rest is its own.
 *
 * <p>From outside to inside: {@code DurableConnectionFactory} outlives its pools, {@code PooledConnectionFactory} is one pool;
 * a {@code Waiter} asks the {@code PoolCore}, which serves him with a {@code Loan} of one of its {@code PoolMembers}; what is
 * missing is ordered by {@code Supply} and made by {@code Connector}, through {@code PgDriver}. All that a pool decides it decides step by step in
 * its {@code Mailbox}, without a lock; what follows is done outside.
 *
 * <p>Promises no thread of its own, none blocked, and no connection left behind by a pool that is closed or a borrower who
 * cancels. Uses the SPI of the core, Reactor and, in {@code PgDriver}, {@code PgSession} and {@code LoginChannels} alone, the PostgreSQL
 * driver.
 */
@NullMarked
package io.memfuse.pool.r2dbc;

import org.jspecify.annotations.NullMarked;
