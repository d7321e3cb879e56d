package io.memfuse.services.buffer;

import java.time.Duration;

/**
 * How a buffer behaves.
 *
 * @param capacity units of space for the records of one channel that wait; a record takes one unless its sink weighs it
 * @param batchSize records written together at most; so many start a write at once
 * @param maxAge how long a record waits for company
 * @param maxPushBack how long a caller waits for space
 * @param minBackoff the pause after a first failed write; doubles with each further one
 * @param maxBackoff the longest pause
 * @param closeTimeout how long closing tries to write what is left
 */
record BufferSettings(
        int capacity,
        int batchSize,
        Duration maxAge,
        Duration maxPushBack,
        Duration minBackoff,
        Duration maxBackoff,
        Duration closeTimeout) {

    static final BufferSettings DEFAULT = new BufferSettings(
            10_000,
            100,
            Duration.ofMillis(200),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));

    BufferSettings {
        if (batchSize < 1 || capacity < batchSize) {
            throw new IllegalArgumentException("must be 1 <= batchSize <= capacity: " + batchSize + ", " + capacity);
        }
    }
}
