package io.memfuse.cli.stress;

/**
 * What there is to say of many durations, in milliseconds; zeros if there was none.
 *
 * @param p50 half of them are not longer
 * @param p99 99 of 100 are not longer
 * @param max the longest
 */
public record LatencySummary(double p50, double p99, double max) {}
