package io.memfuse.core.service;

import java.time.Duration;

/**
 * What the cache of services went through since it was made, read while it is used: each number is right by itself.
 *
 * @param users users that have services now
 * @param services services that are there now
 * @param hits requests that found their service
 * @param misses requests that had to make it, or to wait for it
 * @param loads services made
 * @param failures services that could not be made
 * @param evictions users whose services were closed to make room, or on demand
 * @param loadTime time that went into making services, those that failed too
 */
public record ServiceCacheStats(
        int users, int services, long hits, long misses, long loads, long failures, long evictions, Duration loadTime) {

    /** Returns the share of requests that found their service, 0 to 1; 1 if there was none. */
    public double hitRate() {
        long requests = hits + misses;
        return requests == 0 ? 1 : (double) hits / requests;
    }
}
