/**
 * Pools and connections without a database behind them, so that a benchmark measures the pool and nothing else. Uses no
 * other package of this module. {@link io.memfuse.pool.hikari.StubHikari} puts them beneath our own provider.
 */
@NullMarked
package io.memfuse.bench.stub;

import org.jspecify.annotations.NullMarked;
