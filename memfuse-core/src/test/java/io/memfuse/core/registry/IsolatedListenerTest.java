package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.LoanCount;
import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.testing.RecordingListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class IsolatedListenerTest {

    private final ManualTime time = new ManualTime();
    private final PoolKey<Resource> key = PoolKey.of(FakePoolProvider.spec("orders"), Resource.class);

    private List<Consumer<PoolListener>> events() {
        PoolOpenException refused =
                PoolOpenException.attemptFailed(key, FailureKind.OTHER, "refused", Duration.ZERO, null);
        return List.of(
                listener -> listener.opened(key, 1),
                listener -> listener.openFailed(key, refused),
                listener -> listener.connected(key, 2),
                listener -> listener.connectFailed(key, refused),
                listener -> listener.acquired(key, 16),
                listener -> listener.released(key, 32),
                listener -> listener.timedOut(key, 5),
                listener -> listener.refused(key, refused),
                listener -> listener.leaked(key, new ConnectionHolder("me", Duration.ZERO, List.of())),
                listener -> listener.evicted(key),
                listener -> listener.closed(key, new DrainReport(key, List.of(), Duration.ZERO)));
    }

    private void tellEverything(PoolListener listener) {
        events().forEach(event -> event.accept(listener));
    }

    @Test
    void passesEverythingOn() {
        var listener = new RecordingListener();
        tellEverything(IsolatedListener.of(listener));
        assertThat(listener.events())
                .containsExactly(
                        "opened",
                        "openFailed",
                        "connected",
                        "connectFailed",
                        "acquired",
                        "released",
                        "timedOut",
                        "refused",
                        "leaked",
                        "evicted",
                        "closed");
    }

    @Test
    void keepsWhateverTheListenerThrowsToItselfAndLogsItOnce() {
        PoolListener isolated = IsolatedListener.of(new Broken());
        try (var log = new RecordedLog(IsolatedListener.class)) {
            assertThatCode(() -> tellEverything(isolated)).doesNotThrowAnyException();
            assertThat(log.warnings())
                    .containsExactly(key + ": the listener " + Broken.class.getName() + " failed; reported once");
        }
    }

    @Test
    void logsWhicheverEventFailsFirst() {
        for (Consumer<PoolListener> event : events()) {
            try (var log = new RecordedLog(IsolatedListener.class)) {
                event.accept(IsolatedListener.of(new Broken()));
                assertThat(log.warnings()).hasSize(1);
            }
        }
    }

    @Test
    void isNotThereWhereNobodyListens() {
        assertThat(IsolatedListener.of(PoolListener.NONE)).isSameAs(PoolListener.NONE);
    }

    @Test
    void oneOfSeveralThatFailsTakesNothingFromTheOthers() {
        var first = new RecordingListener();
        var last = new RecordingListener();
        PoolListener group = ListenerGroup.of(List.of(first, PoolListener.NONE, new Broken(), last));
        try (var log = new RecordedLog(IsolatedListener.class)) {
            tellEverything(group.forPool(key, new LoanCounter()));
            assertThat(log.warnings()).hasSize(1);
        }
        assertThat(first.events()).hasSize(events().size()).isEqualTo(last.events());
    }

    @Test
    void severalAreTimedAsOftenAsTheOneWhoWantsMost() {
        assertThat(ListenerGroup.of(List.of(new PoolMonitorStub(16), new PoolMonitorStub(4)))
                        .timesOneIn())
                .isEqualTo(4);
        assertThat(ListenerGroup.of(List.of(new PoolMonitorStub(16))).timesOneIn())
                .isEqualTo(16);
        assertThat(ListenerGroup.of(List.of())).isSameAs(PoolListener.NONE);
        assertThatThrownBy(() -> IsolatedListener.of(new PoolMonitorStub(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("wants one of 3 timed; accepted: a power of two");
    }

    @Test
    void onePoolHasTheListenerThatWasMadeForIt() {
        var own = new RecordingListener();
        PoolListener maker = new PoolListener() {
            @Override
            public PoolListener forPool(PoolKey<?> of, LoanCount loans) {
                return own;
            }
        };
        IsolatedListener.of(maker).forPool(key, new LoanCounter()).acquired(key, 1);
        assertThat(own.events()).containsExactly("acquired");
    }

    private record PoolMonitorStub(int timesOneIn) implements PoolListener {}

    @Test
    void tellsWhoHoldsUpAPoolOnce() {
        for (Consumer<PoolListener> event : events()) {
            var slow = new Slow(Duration.ofMillis(51));
            PoolListener isolated = IsolatedListener.of(slow, time);
            try (var log = new RecordedLog(IsolatedListener.class)) {
                event.accept(isolated);
                tellEverything(isolated);
                assertThat(log.warnings())
                        .containsExactly(key + ": the listener " + Slow.class.getName()
                                + " held up the pool for 51 ms; it must not block; reported once");
            }
        }
    }

    @Test
    void takesNoNoticeOfOneThatIsBackInTime() {
        PoolListener isolated = IsolatedListener.of(new Slow(Duration.ofMillis(50)), time);
        try (var log = new RecordedLog(IsolatedListener.class)) {
            tellEverything(isolated);
            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    void readsNoClockForMostOfTheRequestsThatAreTimed() {
        PoolListener isolated = IsolatedListener.of(new RecordingListener(), () -> {
            throw new AssertionError("the clock was read");
        });
        assertThatCode(() -> {
                    for (int nanos = 1; nanos < 16; nanos++) {
                        isolated.acquired(key, nanos);
                        isolated.released(key, 16 + nanos);
                    }
                })
                .doesNotThrowAnyException();
    }

    @Test
    void tellsOfOneThatBlocksAndThenFailsBoth() {
        PoolListener broken = new PoolListener() {
            @Override
            public void evicted(PoolKey<?> of) {
                time.advance(Duration.ofSeconds(2));
                throw new AssertionError("the listener's own failure");
            }
        };
        try (var log = new RecordedLog(IsolatedListener.class)) {
            IsolatedListener.of(broken, time).evicted(key);
            assertThat(log.warnings()).hasSize(2);
            assertThat(log.warnings().get(1)).contains("held up the pool for 2.0 s");
        }
    }

    /** Takes its time for everything. */
    private final class Slow implements PoolListener {

        private final Duration duration;

        Slow(Duration duration) {
            this.duration = duration;
        }

        @Override
        public void opened(PoolKey<?> of, long tookNanos) {
            time.advance(duration);
        }

        @Override
        public void openFailed(PoolKey<?> of, PoolException reason) {
            time.advance(duration);
        }

        @Override
        public void connected(PoolKey<?> of, long tookNanos) {
            time.advance(duration);
        }

        @Override
        public void connectFailed(PoolKey<?> of, PoolException reason) {
            time.advance(duration);
        }

        @Override
        public void acquired(PoolKey<?> of, long waitedNanos) {
            time.advance(duration);
        }

        @Override
        public void released(PoolKey<?> of, long heldNanos) {
            time.advance(duration);
        }

        @Override
        public void timedOut(PoolKey<?> of, long waitedNanos) {
            time.advance(duration);
        }

        @Override
        public void evicted(PoolKey<?> of) {
            time.advance(duration);
        }

        @Override
        public void closed(PoolKey<?> of, DrainReport report) {
            time.advance(duration);
        }
    }

    private static final class Broken implements PoolListener {

        private static AssertionError failure() {
            return new AssertionError("the listener's own failure");
        }

        @Override
        public void opened(PoolKey<?> of, long tookNanos) {
            throw failure();
        }

        @Override
        public void openFailed(PoolKey<?> of, PoolException reason) {
            throw failure();
        }

        @Override
        public void connected(PoolKey<?> of, long tookNanos) {
            throw failure();
        }

        @Override
        public void connectFailed(PoolKey<?> of, PoolException reason) {
            throw failure();
        }

        @Override
        public void acquired(PoolKey<?> of, long waitedNanos) {
            throw failure();
        }

        @Override
        public void released(PoolKey<?> of, long heldNanos) {
            throw failure();
        }

        @Override
        public void timedOut(PoolKey<?> of, long waitedNanos) {
            throw failure();
        }

        @Override
        public void refused(PoolKey<?> of, PoolException reason) {
            throw failure();
        }

        @Override
        public void leaked(PoolKey<?> of, ConnectionHolder holder) {
            throw failure();
        }

        @Override
        public void evicted(PoolKey<?> of) {
            throw failure();
        }

        @Override
        public void closed(PoolKey<?> of, DrainReport report) {
            throw failure();
        }
    }

    @Test
    void whatCannotEvenBePrintedDoesNotReachThePool() {
        PoolListener isolated = IsolatedListener.of(new PoolListener() {
            @Override
            public void acquired(PoolKey<?> of, long waitedNanos) {
                throw new IllegalStateException() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("no words either");
                    }
                };
            }
        });
        isolated.acquired(
                PoolKey.of(
                        io.memfuse.core.testing.FakePoolProvider.spec("orders"),
                        io.memfuse.core.testing.FakePoolProvider.Resource.class),
                16);
    }
}
