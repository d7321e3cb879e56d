package io.memfuse.services.memory;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes UUIDs of version 7 (RFC 9562) that grow with each call, also within a millisecond and when the clock goes back: 48
 * bits of milliseconds, 12 bits of counter that carry into these, 62 random bits. Thread-safe, without locks.
 *
 * <p>INVARIANT: the sign bits of both halves never change (until the year 6429), so that {@link UUID#compareTo}, which
 * compares them as signed numbers, and PostgreSQL, which compares bytes, agree.
 */
final class TimeOrderedIds {

    private static final int COUNTER_BITS = 12;
    private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;
    private static final long VERSION_7 = 0x7000;

    private final AtomicLong last = new AtomicLong();

    UUID next(Instant now) {
        long earliest = now.toEpochMilli() << COUNTER_BITS;
        long stamp = last.updateAndGet(previous -> Math.max(previous + 1, earliest));
        long high = stamp >>> COUNTER_BITS << 16 | VERSION_7 | (stamp & COUNTER_MASK);
        // Version 4 has its variant and 62 bits of a strong generator where version 7 has them.
        return new UUID(high, UUID.randomUUID().getLeastSignificantBits());
    }
}
