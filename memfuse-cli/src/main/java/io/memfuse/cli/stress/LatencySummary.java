package io.memfuse.cli.stress;

/**
 * What there is to say of many durations, in milliseconds.
 *
 * @param count how many there were; if there was none, the others say nothing
 * @param p50 half of them are not longer
 * @param p99 99 of 100 are not longer
 * @param max the longest
 */
public record LatencySummary(long count, double p50, double p99, double max) {}
