package io.memfuse.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.TestThreads;
import io.memfuse.core.thread.EngineThreads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EpochsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final EngineThreads threads = TestThreads.with(time);
    private final Epochs epochs = new Epochs(time);

    @AfterEach
    void close() {
        epochs.stop();
        threads.close();
    }

    @Test
    void takesWhoWasSeenInTheEpochOfTheMomentToBeSeenNow() {
        epochs.start(threads, Duration.ofSeconds(30));
        Epoch seen = epochs.current();
        time.advance(SECOND.minusNanos(1));
        assertThat(epochs.current()).isSameAs(seen);
        assertThat(seen.lastNanos()).isEqualTo(time.nanoTime());
    }

    @Test
    void takesWhoWasSeenInAnEarlierEpochToBeSeenAtItsEnd() {
        epochs.start(threads, Duration.ofSeconds(30));
        Epoch seen = epochs.current();
        long endNanos = time.nanoTime() + SECOND.toNanos();
        time.advance(Duration.ofMinutes(5));
        assertThat(epochs.current()).isNotSameAs(seen);
        assertThat(seen.lastNanos()).isEqualTo(endNanos);
    }

    @Test
    void isFinerForAShortGrace() {
        epochs.start(threads, SECOND);
        Epoch seen = epochs.current();
        long endNanos = time.nanoTime() + SECOND.dividedBy(10).toNanos();
        time.advance(SECOND);
        assertThat(seen.lastNanos()).isEqualTo(endNanos);
    }

    @Test
    void staysInOneEpochOfAnEngineThatHasEnded() {
        threads.close();
        epochs.start(threads, SECOND);
        Epoch seen = epochs.current();
        time.advance(SECOND);
        assertThat(seen.lastNanos()).isEqualTo(time.nanoTime());
    }

    @Test
    void goesOnAfterAnErrorAndEndsThenWhatItCouldNotEnd() {
        var exhausted = new AtomicBoolean();
        var unlucky = new Epochs(() -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("none for this one");
            }
            return time.nanoTime();
        });
        unlucky.start(threads, Duration.ofSeconds(30));
        Epoch seen = unlucky.current();
        exhausted.set(true);
        time.advance(SECOND);
        exhausted.set(false);
        time.advance(SECOND);
        long endNanos = time.nanoTime();
        time.advance(SECOND);
        assertThat(seen.lastNanos()).isEqualTo(endNanos);
        assertThat(time.scheduled()).isEqualTo(1);
    }

    @Test
    void hasOneTimerHoweverOftenItIsStarted() {
        assertThat(time.scheduled()).isZero();
        epochs.start(threads, SECOND);
        epochs.start(threads, SECOND);
        assertThat(time.scheduled()).isEqualTo(1);
    }

    @Test
    void endsItsTimer() {
        epochs.start(threads, SECOND);
        epochs.stop();
        assertThat(time.scheduled()).isZero();
    }
}
