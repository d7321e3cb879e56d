package io.memfuse.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RankingTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final PoolKey<?> a = key("a");
    private final PoolKey<?> b = key("b");
    private final PoolKey<?> c = key("c");
    private final Map<PoolKey<?>, Long> asked = new HashMap<>();
    private final Ranking ranking = new Ranking(1);

    private static PoolKey<Resource> key(String database) {
        return PoolKey.of(FakePoolProvider.spec(database), Resource.class);
    }

    private void ask(PoolKey<?> key, long times) {
        asked.merge(key, times, Long::sum);
    }

    private Set<PoolKey<?>> rank(Duration sinceLast, PoolKey<?>... pools) {
        return ranking.rank(Set.of(pools), key -> asked.getOrDefault(key, 0L), sinceLast);
    }

    @Test
    void findsWhatIsUsedMost() {
        ask(a, 1);
        ask(b, 5);
        ask(c, 3);
        assertThat(rank(SECOND, a, b, c)).containsExactly(b);
    }

    @Test
    void changesPlacesOnlyForOneThatIsUsedTwiceAsMuch() {
        ask(a, 10);
        assertThat(rank(SECOND, a, b)).containsExactly(a);
        ask(b, 15);
        assertThat(rank(SECOND, a, b)).containsExactly(a);
        ask(b, 15);
        assertThat(rank(SECOND, a, b)).containsExactly(b);
    }

    @Test
    void forgetsUseByAndBy() {
        ask(a, 1_000);
        assertThat(rank(SECOND, a, b)).containsExactly(a);
        ask(b, 10);
        assertThat(rank(Duration.ofHours(2), a, b)).containsExactly(b);
    }

    @Test
    void keepsThePlaceOfOneThatRestsWhileTheOthersRestToo() {
        ask(b, 1);
        assertThat(rank(SECOND, a, b)).containsExactly(b);
        assertThat(rank(Duration.ofDays(400), a, b)).containsExactly(b);
    }

    @Test
    void givesThePlaceOfOneThatIsGoneToTheNext() {
        ask(a, 10);
        ask(b, 1);
        assertThat(rank(SECOND, a, b)).containsExactly(a);
        assertThat(rank(SECOND, b, c)).containsExactly(b);
    }
}
