package io.memfuse.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who holds connections, and for how long. In time that the test lets pass. */
class HolderLogTest {

    private static final Duration THRESHOLD = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime();
    private final List<ConnectionHolder> leaks = new ArrayList<>();
    private final PoolListener listener = new PoolListener() {
        @Override
        public void leaked(PoolKey<?> key, ConnectionHolder holder) {
            leaks.add(holder);
        }
    };

    private boolean withoutThread;

    private HolderLog log(HolderTracking tracking) {
        return Objects.requireNonNull(HolderLog.of(context(tracking)));
    }

    private PoolContext context(HolderTracking tracking) {
        PoolKey<String> key = PoolKey.of(PoolSpec.builder("fake", "orders").build(), String.class);
        return new PoolContext(
                key,
                listener,
                time.scheduler(),
                this::execute,
                time,
                new ConnectGate(1, Duration.ofSeconds(1), time.scheduler()),
                tracking);
    }

    private void execute(Runnable work) {
        if (withoutThread) {
            withoutThread = false;
            throw new OutOfMemoryError("unable to create native thread");
        }
        work.run();
    }

    private static void begin(HolderLog log, String name) {
        log.began(name, Objects.requireNonNull(log.borrower(name)));
    }

    @Test
    void isNotThereWhereNothingIsTracked() {
        assertThat(HolderLog.of(context(HolderTracking.OFF))).isNull();
    }

    @Test
    void namesWhoHoldsSomethingTheLongestFirst() {
        HolderLog log = log(HolderTracking.all());
        begin(log, "first");
        time.advance(Duration.ofSeconds(2));
        begin(log, "second");
        begin(log, "gone");
        time.advance(Duration.ofSeconds(1));
        log.ended("gone");

        List<ConnectionHolder> holders = log.holders();

        assertThat(holders).extracting(ConnectionHolder::name).containsExactly("first", "second");
        assertThat(holders)
                .extracting(ConnectionHolder::heldFor)
                .containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(1));
        assertThat(holders.get(0).takenAt()).isPresent();
        assertThat(holders.get(0).stack())
                .noneMatch(frame -> frame.getClassName().equals(HolderLog.class.getName()));
    }

    @Test
    void tracksOneInSoMany() {
        HolderLog log = log(HolderTracking.sampled(4));
        int tracked = 0;
        for (int i = 0; i < 4_000; i++) {
            tracked += log.borrower("somebody") == null ? 0 : 1;
        }
        assertThat(tracked).isBetween(700, 1_300);
    }

    @Test
    void reportsWhatIsHeldForTooLongOnceAndNoLaterThanHalfAsMuchAgain() {
        HolderLog log = log(HolderTracking.all().withLeakThreshold(THRESHOLD));
        begin(log, "leak");
        begin(log, "prompt");
        time.advance(THRESHOLD.minusMillis(1));
        log.ended("prompt");
        assertThat(leaks).isEmpty();

        time.advance(THRESHOLD.dividedBy(2).plusMillis(1));
        time.advance(THRESHOLD.multipliedBy(10));

        assertThat(leaks).singleElement().satisfies(holder -> {
            assertThat(holder.name()).isEqualTo("leak");
            assertThat(holder.heldFor())
                    .isBetween(THRESHOLD, THRESHOLD.multipliedBy(3).dividedBy(2));
        });
    }

    @Test
    void keepsNoTimerWhenNothingIsHeld() {
        HolderLog log = log(HolderTracking.all().withLeakThreshold(THRESHOLD));
        begin(log, "prompt");
        log.ended("prompt");

        time.advance(THRESHOLD);

        assertThat(time.scheduled()).isZero();
    }

    @Test
    void refusesSettingsThatAreNone() {
        assertThatThrownBy(() -> HolderTracking.sampled(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("oneIn is 3; accepted: 0 (none) or a power of two");
        assertThatThrownBy(() -> HolderTracking.OFF.withLeakThreshold(THRESHOLD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("leakThreshold is PT10S, but nothing is tracked");
    }

    @Test
    void looksAgainAfterThereWasNoThreadForALook() {
        HolderLog log = log(HolderTracking.all().withLeakThreshold(THRESHOLD));
        begin(log, "first");
        withoutThread = true;
        time.advance(THRESHOLD);
        assertThat(withoutThread).isFalse();
        begin(log, "second");
        time.advance(THRESHOLD);
        assertThat(leaks).extracting(ConnectionHolder::name).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void aThresholdBeyondAllTimeCostsTheBorrowerNothing() {
        HolderLog log = log(HolderTracking.all().withLeakThreshold(Duration.ofSeconds(Long.MAX_VALUE)));
        begin(log, "first");
        time.advance(Duration.ofDays(365));
        assertThat(leaks).isEmpty();
        assertThat(log.holders()).hasSize(1);
    }
}
