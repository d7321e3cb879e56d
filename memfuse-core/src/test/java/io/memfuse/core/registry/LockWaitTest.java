package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.testing.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LockWaitTest {

    private final RegistryLock lock = new RegistryLock(new ManualTime());
    private final AtomicInteger decisions = new AtomicInteger();

    @TempDir
    private Path directory;

    private List<RecordedEvent> record(Duration threshold, Runnable happening) throws Exception {
        Path file = directory.resolve("lock.jfr");
        try (var recording = new Recording()) {
            recording.enable(LockWait.class).withThreshold(threshold);
            recording.start();
            happening.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file);
    }

    private void decideBoth() {
        assertThat(lock.reading(decisions::incrementAndGet)).isEqualTo(1);
        assertThat(lock.writing(decisions::incrementAndGet)).isEqualTo(2);
    }

    @Test
    void isRecordedWithItsMode() throws Exception {
        List<RecordedEvent> events = record(Duration.ZERO, this::decideBoth);
        assertThat(events)
                .extracting(event -> event.getEventType().getName() + " " + event.getString("mode"))
                .containsExactly("io.memfuse.LockWait read", "io.memfuse.LockWait write");
    }

    @Test
    void isNotRecordedIfItIsShorterThanTheThreshold() throws Exception {
        assertThat(record(Duration.ofDays(1), this::decideBoth)).isEmpty();
    }
}
