package io.memfuse.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.ConnectionHolder;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JfrListenerTest {

    private final PoolKey<Resource> key = PoolKey.of(FakePoolProvider.spec("orders"), Resource.class);
    private final PoolOpenException refused =
            PoolOpenException.attemptFailed(key, FailureKind.OTHER, "refused", Duration.ZERO, null);
    private final JfrListener listener = new JfrListener(Duration.ofMillis(20));

    @TempDir
    private Path directory;

    /** Returns what is recorded while something happens. */
    private List<RecordedEvent> record(Runnable happening) throws Exception {
        Path file = directory.resolve("pools.jfr");
        try (var recording = new Recording()) {
            recording.start();
            happening.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("io.memfuse."))
                .toList();
    }

    @Test
    void writesWhatHappensToAPool() throws Exception {
        var borrower = new StackTraceElement("org.example.Orders", "load", "Orders.java", 42);
        List<RecordedEvent> events = record(() -> {
            listener.opened(key, 7);
            listener.openFailed(key, refused);
            listener.connectFailed(key, refused);
            listener.timedOut(key, 9);
            listener.refused(key, refused);
            listener.leaked(key, new ConnectionHolder("http-7", Duration.ofSeconds(12), List.of(borrower)));
            listener.evicted(key);
            listener.closed(key, new DrainReport(key, List.of(), Duration.ofNanos(11)));
        });
        assertThat(events)
                .extracting(event -> event.getEventType().getName())
                .containsExactlyInAnyOrder(
                        "io.memfuse.PoolOpened",
                        "io.memfuse.PoolOpenFailed",
                        "io.memfuse.ConnectFailed",
                        "io.memfuse.AcquireTimeout",
                        "io.memfuse.AcquireRefused",
                        "io.memfuse.ConnectionLeaked",
                        "io.memfuse.PoolEvicted",
                        "io.memfuse.PoolClosed");
        assertThat(events)
                .allSatisfy(event -> assertThat(event.getString("pool")).isEqualTo(key.toString()));
        assertThat(named(events, "PoolOpened").getDuration("took")).isEqualTo(Duration.ofNanos(7));
        assertThat(named(events, "AcquireTimeout").getDuration("waited")).isEqualTo(Duration.ofNanos(9));
        assertThat(named(events, "AcquireRefused").getString("reason")).contains("could not connect: refused");
        assertThat(named(events, "ConnectionLeaked").getString("holder")).isEqualTo("http-7");
        assertThat(named(events, "ConnectionLeaked").getString("takenAt"))
                .isEqualTo("org.example.Orders.load(Orders.java:42)");
        assertThat(named(events, "ConnectionLeaked").getDuration("held")).isEqualTo(Duration.ofSeconds(12));
        assertThat(named(events, "PoolClosed").getDuration("took")).isEqualTo(Duration.ofNanos(11));
        assertThat(named(events, "ConnectFailed").getString("reason")).contains("could not connect: refused");
    }

    private static RecordedEvent named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("io.memfuse." + name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void writesWaitsThatAreLongerThanTheThreshold() throws Exception {
        List<RecordedEvent> events = record(() -> {
            listener.acquired(key, Duration.ofMillis(20).toNanos());
            listener.acquired(key, Duration.ofMillis(21).toNanos());
        });
        assertThat(events).hasSize(1);
        assertThat(events.get(0).getEventType().getName()).isEqualTo("io.memfuse.AcquireWait");
        assertThat(events.get(0).getDuration("waited")).isEqualTo(Duration.ofMillis(21));
        assertThat(events.get(0).getStackTrace().getFrames()).isNotEmpty();
    }

    @Test
    void wantsNoMoreTimedThanTheMonitor() {
        assertThat(listener.timesOneIn()).isEqualTo(new PoolMonitor().timesOneIn());
    }

    @Test
    void refusesANegativeThreshold() {
        assertThatThrownBy(() -> new JfrListener(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("acquireWait is PT-0.001S; accepted: zero or more");
    }
}
