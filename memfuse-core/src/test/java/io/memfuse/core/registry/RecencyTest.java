package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.testing.ManualTime;
import org.junit.jupiter.api.Test;

class RecencyTest {

    private static final long GRACE = 100;

    private final long opened = new ManualTime().nanoTime() + 999_990; // The clock runs over soon after.
    private final Recency recency = new Recency(opened);

    @Test
    void countsFromTheOpeningUntilItIsUsed() {
        assertThat(recency.idleNanos(opened + 30)).isEqualTo(30);
        assertThat(recency.ageNanos(opened + 30)).isEqualTo(30);
    }

    @Test
    void countsFromTheLastUse() {
        recency.usedAt(opened + 20);
        assertThat(recency.idleNanos(opened + 30)).isEqualTo(10);
        assertThat(recency.ageNanos(opened + 30)).isEqualTo(30);
    }

    @Test
    void isAwaitedForLessThanTheGrace() {
        assertThat(recency.isAwaited(opened + GRACE - 1, GRACE)).isTrue();
        assertThat(recency.isAwaited(opened + GRACE, GRACE)).isFalse();
    }

    @Test
    void isAwaitedNoMoreOnceItIsUsed() {
        recency.usedAt(opened);
        assertThat(recency.isAwaited(opened + 1, GRACE)).isFalse();
    }
}
