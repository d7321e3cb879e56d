/**
 * Finding an open pool by its key: ours, the maps and locks that an application would use instead, and the candidates of
 * the architecture decision on the read path, each a {@link io.memfuse.bench.lookup.PoolTable}. Uses {@code stub} and
 * {@code candidates}.
 */
@NullMarked
package io.memfuse.bench.lookup;

import org.jspecify.annotations.NullMarked;
