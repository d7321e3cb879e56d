/**
 * Turns what the core counts into meters: {@link io.memfuse.micrometer.MemFuseMetrics}, one binder for the pools, the
 * registry's lock, the services and the health. All meters of one scrape are read from one look, a second old at most;
 * how many there are is bounded, however many pools there are. Their names are in docs/metrics.md.
 */
@NullMarked
package io.memfuse.micrometer;

import org.jspecify.annotations.NullMarked;
