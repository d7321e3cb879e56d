package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OldestWaiterTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final OldestWaiter oldest = new OldestWaiter();

    @Test
    void isOfNoAgeWhereNobodyWaits() {
        assertThat(oldest.ageNanos(0, 0, 0)).isZero();
        assertThat(oldest.ageNanos(7, 0, SECOND)).isZero();
    }

    @Test
    void isAsOldAsTheFirstLookAfterWhichTooFewWereServed() {
        assertThat(oldest.ageNanos(10, 3, 0)).isZero();
        assertThat(oldest.ageNanos(12, 2, SECOND)).isEqualTo(SECOND);
        assertThat(oldest.ageNanos(12, 5, 2 * SECOND)).isEqualTo(2 * SECOND);
    }

    @Test
    void isAsOldAsTheNextLookWhenThoseOfTheFirstMayBeServed() {
        oldest.ageNanos(10, 3, 0);
        oldest.ageNanos(11, 4, SECOND);

        assertThat(oldest.ageNanos(13, 4, 3 * SECOND)).isEqualTo(2 * SECOND);
    }

    /** As many are served as waited, and he is not among them: nothing tells it from those having been served. */
    @Test
    void isNotSeenWhileHeIsOvertaken() {
        oldest.ageNanos(10, 1, 0);

        assertThat(oldest.ageNanos(11, 1, SECOND)).isZero();
        assertThat(oldest.ageNanos(11, 1, 2 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void isForgottenWhenNobodyWaits() {
        oldest.ageNanos(10, 3, 0);
        oldest.ageNanos(10, 0, SECOND);

        assertThat(oldest.ageNanos(10, 1, 2 * SECOND)).isZero();
    }

    @Test
    void isOfNoAgeWhenTheClockJumpsBack() {
        oldest.ageNanos(0, 1, 0);

        assertThat(oldest.ageNanos(0, 1, -3_600 * SECOND)).isZero();
    }

    @Test
    void remembersFewLooksHoweverOftenAndLongItIsLookedAt() {
        for (long millis = 0; millis < 3_600_000; millis += 7) {
            oldest.ageNanos(0, 1, TimeUnit.MILLISECONDS.toNanos(millis));
        }

        assertThat(oldest.size()).isLessThan(300);
        assertThat(oldest.ageNanos(0, 1, 3_600 * SECOND)).isEqualTo(3_600 * SECOND);
    }

    /** Borrowers come, are served and give up at random; who came first is served first. */
    @ParameterizedTest(name = "{displayName}, seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void isNeverOlderThanTheTruthAndYoungerByTheTimeBetweenLooksAtMost(long seed) {
        var random = new Random(seed);
        List<Long> queue = new ArrayList<>();
        long ended = 0;
        long nowNanos = random.nextLong();
        long lookedAtNanos = nowNanos;
        long longestGap = 0;
        for (int step = 0; step < 50_000; step++) {
            nowNanos += 1 + random.nextInt(10_000_000);
            int what = random.nextInt(10 + (step / 5_000) % 3 * 3);
            if (what < 3) {
                queue.add(nowNanos);
            } else if (what < 6 && !queue.isEmpty()) {
                queue.remove(0);
                ended++;
            } else if (what < 8) {
                longestGap = Math.max(longestGap, nowNanos - lookedAtNanos);
                lookedAtNanos = nowNanos;
                long age = queue.isEmpty() ? 0 : nowNanos - queue.get(0);
                long found = oldest.ageNanos(ended, queue.size(), nowNanos);
                long remembered = Math.max(TimeUnit.MILLISECONDS.toNanos(100), age / 32);
                assertThat(found).isBetween(Math.max(0, age - longestGap - remembered), age);
            }
        }
    }

    /** Those who give up are any, and some are served who never waited. */
    @ParameterizedTest(name = "{displayName}, seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void isNeverOlderThanTheTruthInWhateverOrderTheyAreServed(long seed) {
        var random = new Random(seed);
        List<Long> waiting = new ArrayList<>();
        long ended = 0;
        long nowNanos = 0;
        int told = 0;
        for (int step = 0; step < 50_000; step++) {
            nowNanos += 1 + random.nextInt(10_000_000);
            switch (random.nextInt(5)) {
                case 0 -> waiting.add(nowNanos);
                case 1 -> ended++;
                case 2 -> {
                    if (waiting.size() > 3) {
                        waiting.remove(random.nextInt(waiting.size()));
                        ended++;
                    }
                }
                default -> {
                    long age = waiting.isEmpty() ? 0 : nowNanos - waiting.get(0);
                    long found = oldest.ageNanos(ended, waiting.size(), nowNanos);
                    assertThat(found).isBetween(0L, age);
                    told += found > 0 ? 1 : 0;
                }
            }
        }
        assertThat(told).isPositive();
    }
}
