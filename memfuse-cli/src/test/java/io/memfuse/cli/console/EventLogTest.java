package io.memfuse.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.cli.console.EventLog.Event;
import io.memfuse.cli.console.EventLog.Kind;
import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {

    private static final class ManualClock extends Clock {

        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final ManualClock clock = new ManualClock();
    private final EventLog log = new EventLog(clock);

    private static PoolKey<Resource> key(String database) {
        return PoolKey.of(FakePoolProvider.spec(database), Resource.class);
    }

    private void pass(Duration time) {
        clock.now = clock.now.plus(time);
    }

    @Test
    void keepsWhatHappenedInItsOrder() {
        log.opened(key("orders"), 5_000_000);
        pass(Duration.ofSeconds(2));
        log.evicted(key("orders"));

        List<Event> events = log.since(0);

        assertThat(events).extracting(Event::kind).containsExactly(Kind.OPENED, Kind.EVICTED);
        assertThat(events.get(0).text()).isEqualTo("in 5 ms");
        assertThat(events.get(1).atMillis()).isEqualTo(2_000);
    }

    @Test
    void countsWhatHappensAgainWithinASecond() {
        for (int i = 0; i < 1000; i++) {
            log.timedOut(key("orders"), 1_000_000);
            log.timedOut(key("users"), 1_000_000);
        }
        pass(Duration.ofSeconds(1));
        log.timedOut(key("orders"), 1_000_000);

        assertThat(log.since(0)).extracting(Event::count).containsExactly(1000, 1000, 1);
    }

    @Test
    void saysWhoHoldsAConnectionForTooLong() {
        log.leaked(key("orders"), new ConnectionHolder("job-7", Duration.ofMinutes(2), List.of()));

        assertThat(log.since(0)).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(Kind.LEAKED);
            assertThat(event.text()).isEqualTo("held by 'job-7' for 2 min 0 s");
        });
    }

    @Test
    void tellsWhatHasChangedSince() {
        log.timedOut(key("orders"), 1);
        log.opened(key("users"), 1);
        long seen = log.since(0).get(1).change();

        log.timedOut(key("orders"), 1);

        assertThat(log.since(seen)).singleElement().satisfies(event -> {
            assertThat(event.pool()).contains("orders");
            assertThat(event.count()).isEqualTo(2);
        });
    }

    @Test
    void hasOneEntryForALoginThatFailsAndTheOpeningThatFailsWithIt() {
        log.connectFailed(key("orders"), failure("login"));
        long seen = log.since(0).get(0).change();
        log.connectFailed(key("users"), failure("login"));
        log.openFailed(key("orders"), failure("opening"));

        assertThat(log.since(seen)).hasSize(2);
        assertThat(log.since(0)).extracting(Event::kind).containsExactly(Kind.OPEN_FAILED, Kind.CONNECT_FAILED);
        assertThat(log.since(0).get(0).text()).contains("opening");

        pass(Duration.ofSeconds(2));
        log.openFailed(key("users"), failure("later"));
        log.openFailed(key("users"), failure("again"));
        assertThat(log.since(0)).hasSize(3);
        assertThat(log.since(0).get(2).count()).isEqualTo(2);
    }

    private static PoolException failure(String text) {
        return PoolOpenException.attemptFailed(key("orders"), FailureKind.UNREACHABLE, text, Duration.ZERO, null);
    }

    @Test
    void keepsWhatIsAskedForApart() {
        log.asked(key("orders"), "evict");
        log.asked(key("orders"), "evict");
        log.asked(key("orders"), "soft-evict");
        assertThat(log.since(0)).extracting(Event::text).containsExactly("evict", "soft-evict");
        assertThat(log.since(0)).extracting(Event::count).containsExactly(2, 1);
    }

    @Test
    void keepsTheNewestOnly() {
        for (int i = 0; i < EventLog.CAPACITY + 50; i++) {
            log.opened(key("database-" + i), 1);
        }

        assertThat(log.since(0)).hasSize(EventLog.CAPACITY);
        assertThat(log.since(0).get(0).pool()).endsWith("/database-50");
    }
}
