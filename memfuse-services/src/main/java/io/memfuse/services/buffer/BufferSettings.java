package io.memfuse.services.buffer;

import io.memfuse.core.service.ServiceSetting;
import io.memfuse.core.service.ServiceSetting.Count;
import io.memfuse.core.service.ServiceSetting.Time;
import io.memfuse.core.service.ServiceSettings;
import java.time.Duration;
import java.util.List;

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

    private static final Count CAPACITY =
            new Count("capacity", 10_000, 1, 10_000_000, "units of space for the records that wait to be written");
    private static final Count BATCH_SIZE =
            new Count("batch_size", 100, 1, 100_000, "records written together at most; so many start a write at once");
    private static final Time MAX_AGE =
            time("max_age", Duration.ofMillis(200), Duration.ofMinutes(1), "how long a record waits for company");
    private static final Time MAX_PUSH_BACK =
            time("max_push_back", Duration.ofSeconds(5), Duration.ofMinutes(10), "how long a caller waits for space");
    private static final Time MIN_BACKOFF =
            time("min_backoff", Duration.ofMillis(100), Duration.ofMinutes(1), "the pause after a first failed write");
    private static final Time MAX_BACKOFF =
            time("max_backoff", Duration.ofSeconds(10), Duration.ofMinutes(10), "the longest pause between two writes");
    private static final Time CLOSE_TIMEOUT = time(
            "close_timeout",
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            "how long closing tries to write what is left");

    /** What configuration may set. */
    static final List<ServiceSetting<?>> DECLARED =
            List.of(CAPACITY, BATCH_SIZE, MAX_AGE, MAX_PUSH_BACK, MIN_BACKOFF, MAX_BACKOFF, CLOSE_TIMEOUT);

    /** @throws IllegalArgumentException if they do not go together */
    BufferSettings {
        if (batchSize < 1 || capacity < batchSize) {
            throw new IllegalArgumentException(
                    "batch_size is " + batchSize + "; accepted: 1 to capacity, which is " + capacity);
        }
        if (minBackoff.compareTo(maxBackoff) > 0) {
            throw new IllegalArgumentException("min_backoff is longer than max_backoff; make it shorter");
        }
    }

    /** @throws IllegalArgumentException if they do not go together */
    static BufferSettings of(ServiceSettings settings) {
        return new BufferSettings(
                settings.get(CAPACITY),
                settings.get(BATCH_SIZE),
                settings.get(MAX_AGE),
                settings.get(MAX_PUSH_BACK),
                settings.get(MIN_BACKOFF),
                settings.get(MAX_BACKOFF),
                settings.get(CLOSE_TIMEOUT));
    }

    private static Time time(String name, Duration fallback, Duration max, String meaning) {
        return new Time(name, fallback, Duration.ofMillis(1), max, meaning);
    }
}
