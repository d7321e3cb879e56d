package io.memfuse.bench.candidates;

import java.util.concurrent.locks.LockSupport;

/** Waits without a queue: spins a little, then sleeps a little. Good enough to be measured, unfair by design. */
final class Backing {

    private static final int SPINS = 100;
    private static final long PAUSE_NANOS = 50_000;

    private int turns;

    void pause() {
        turns++;
        if (turns < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
