/**
 * Ways to fill a HikariCP pool in a burst that were built to be measured, not to be used: the alternatives in the
 * architecture decision on connections that are made side by side. They serve the burst, and no more than that: none of them
 * heeds a failure or a pool that closes. Uses {@code peer}.
 */
@NullMarked
package io.memfuse.bench.filling;

import org.jspecify.annotations.NullMarked;
