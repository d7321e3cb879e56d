package io.memfuse.services.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {

    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00.123Z");

    private final TimeOrderedIds ids = new TimeOrderedIds();

    @Test
    void areOfVersion7AndSayTheTime() {
        UUID id = ids.next(NOW);

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void growWithinAMillisecondBeyondItsCounterAndWhenTheClockGoesBack() {
        List<UUID> made = new ArrayList<>();
        IntStream.range(0, 10_000).forEach(i -> made.add(ids.next(NOW)));
        made.add(ids.next(NOW.minusSeconds(60)));
        made.add(ids.next(NOW.plusSeconds(60)));

        assertThat(made).isSorted().doesNotHaveDuplicates();
        assertThat(made.stream().map(UUID::toString)).isSorted();
    }

    @Test
    void differWhoeverAsks() {
        var made = new ConcurrentSkipListSet<UUID>();
        IntStream.range(0, 100_000).parallel().forEach(i -> made.add(ids.next(NOW)));

        assertThat(made).hasSize(100_000);
    }
}
