/**
 * The SPI: what a pool is to MemFuse, whatever technology is behind it.
 *
 * <p>{@link io.memfuse.core.pool.PoolProvider} opens pools of one technology, {@link io.memfuse.core.pool.PoolHandle} is
 * one open pool, {@link io.memfuse.core.pool.PoolSpec} says all that is needed to open one,
 * {@link io.memfuse.core.pool.PoolKey} is its identity, {@link io.memfuse.core.pool.Endpoints} where its database is, {@link io.memfuse.core.pool.PoolListener} is told what happens,
 * and the {@link io.memfuse.core.pool.PoolException} family says what went wrong and what to do.
 *
 * <p>Nothing here knows JDBC, R2DBC or the registry. May use {@code time}.
 */
@NullMarked
package io.memfuse.core.pool;

import org.jspecify.annotations.NullMarked;
