package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static Duration after(int failures, double random) {
        return new Backoff(FIRST, LONGEST, () -> (long) (random * 0x1p53) << 11).after(failures);
    }

    @Test
    void doublesUpToItsBound() {
        assertThat(IntStream.of(1, 2, 3, 4, 5, 6, 7, 1_000).mapToObj(failures -> after(failures, 0.5)))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void variesByAFifth() {
        assertThat(after(1, 0)).isEqualTo(Duration.ofMillis(800));
        assertThat(after(1, 0.75)).isEqualTo(Duration.ofMillis(1_100));
        assertThat(after(10, 0)).isEqualTo(Duration.ofSeconds(24));
    }

    @Test
    void spreadsManyPoolsOverTheWholeRange() {
        var backoff = new Backoff(FIRST, LONGEST, new SplittableRandom(42));
        assertThat(IntStream.range(0, 1_000).mapToObj(i -> backoff.after(1).toMillis()))
                .allSatisfy(millis -> assertThat(millis).isBetween(800L, 1_200L))
                .anySatisfy(millis -> assertThat(millis).isLessThan(850))
                .anySatisfy(millis -> assertThat(millis).isGreaterThan(1_150));
    }
}
