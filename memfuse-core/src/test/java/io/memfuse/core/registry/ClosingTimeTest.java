package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.time.Deadline;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a pool may take to be closed, where the registry closes before, meanwhile and afterwards. */
@Timeout(60)
class ClosingTimeTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(500);

    private final ManualTime time = new ManualTime();
    private final ClosingTime closingTime = new ClosingTime();

    private Deadline in(Duration timeout) {
        return Deadline.after(timeout, time);
    }

    /** The registry closes while the pool does, and its time passes; returns whether the pool's thread is interrupted. */
    private boolean isInterrupted(Duration own) {
        return closingTime.close(in(own), given -> {
            closingTime.endAt(in(SHORT));
            time.advance(SHORT);
            closingTime.isUp();
            return Thread.currentThread().isInterrupted();
        });
    }

    @Test
    void isThePoolsOwnWhileTheRegistryGoesOn() {
        assertThat(closingTime.close(in(LONG), Function.identity())).isEqualTo(LONG);
    }

    @Test
    void isWhatTheRegistryHasLeftOnceThatCloses() {
        closingTime.endAt(in(SHORT));
        time.advance(Duration.ofMillis(200));

        assertThat(closingTime.close(in(LONG), Function.identity())).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void isThePoolsOwnIfItIsOverSooner() {
        closingTime.endAt(in(LONG));

        assertThat(closingTime.close(in(SHORT), Function.identity())).isEqualTo(SHORT);
    }

    @Test
    void endsByAnInterruptThatStaysWithin() {
        assertThat(isInterrupted(LONG)).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void endsByItselfIfItIsOverAlready() {
        assertThat(isInterrupted(SHORT)).isFalse();
    }

    @Test
    void endsByItselfIfTheEndWasKnownBefore() {
        closingTime.endAt(in(SHORT));

        assertThat(isInterrupted(LONG)).isFalse();
    }

    @Test
    void interruptsNobodyAfterwards() {
        closingTime.close(in(LONG), Function.identity());
        closingTime.endAt(in(SHORT));

        closingTime.isUp();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void leavesAnInterruptThatIsAnothersWhereItIs() {
        boolean within = closingTime.close(in(LONG), given -> {
            Thread.currentThread().interrupt();
            return true;
        });

        assertThat(within).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }
}
