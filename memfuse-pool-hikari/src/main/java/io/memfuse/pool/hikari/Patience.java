package io.memfuse.pool.hikari;

import io.memfuse.core.time.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what nobody announces: HikariCP tells no one when it has added or taken back a connection. */
final class Patience {

    private static final long FIRST_PAUSE_MICROS = 250;
    private static final long LONGEST_PAUSE_MICROS = 5_000;

    private Patience() {}

    /** Looks again and again, ever less often, in the end every 5 ms. Returns false if the deadline passed before. */
    static boolean await(BooleanSupplier condition, Deadline deadline) throws InterruptedException {
        long pauseMicros = FIRST_PAUSE_MICROS;
        while (!condition.getAsBoolean()) {
            long leftMicros = TimeUnit.NANOSECONDS.toMicros(deadline.remainingNanos());
            if (deadline.hasPassed()) {
                return false;
            }
            TimeUnit.MICROSECONDS.sleep(Math.max(1, Math.min(pauseMicros, leftMicros)));
            pauseMicros = Math.min(LONGEST_PAUSE_MICROS, pauseMicros * 2);
        }
        return true;
    }
}
