package io.memfuse.services.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private final Backoff backoff =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), new SplittableRandom(1));

    @ParameterizedTest
    @CsvSource({"1,100", "2,200", "3,400", "7,6400", "8,10000", "31,10000", "64,10000", "2147483647,10000"})
    void doublesUpToTheBoundAndSpreadsOverTheUpperHalf(int failures, int boundMillis) {
        long bound = Duration.ofMillis(boundMillis).toNanos();

        for (int i = 0; i < 1000; i++) {
            assertThat(backoff.pauseNanos(failures)).isBetween(bound / 2, bound);
        }
    }
}
