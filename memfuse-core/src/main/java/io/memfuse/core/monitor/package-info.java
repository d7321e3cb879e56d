/**
 * Counts what goes on: {@link io.memfuse.core.monitor.PoolMonitor} listens to all pools, and keeps for each how often what
 * happened and how long it took ({@link io.memfuse.core.monitor.PoolActivity}). Metrics libraries, the console and the health
 * of pools read it; the core depends on none of them.
 */
@NullMarked
package io.memfuse.core.monitor;

import org.jspecify.annotations.NullMarked;
