/**
 * Counts what goes on: {@link io.memfuse.core.monitor.PoolMonitor} listens to all pools, and keeps for each how often what
 * happened and how long it took ({@link io.memfuse.core.monitor.PoolActivity}). Metrics libraries, the console and the health
 * of pools read it; the core depends on none of them. {@link io.memfuse.core.monitor.JfrListener} writes it into recordings of
 * the Flight Recorder.
 */
@NullMarked
package io.memfuse.core.monitor;

import org.jspecify.annotations.NullMarked;
