package io.memfuse.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.testing.ManualTime;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What a lock tells of itself. */
class LockMetricsTest {

    private final ManualTime time = new ManualTime();
    private final AsyncReadWriteLock lock = new AsyncReadWriteLock("measured", time, new ReaderStripes(4));

    private LockHold read() {
        return Objects.requireNonNull(lock.tryRead());
    }

    private LockHold write() {
        return Objects.requireNonNull(lock.tryWrite());
    }

    private CompletableFuture<LockHold> waitToRead() {
        return lock.read().toCompletableFuture();
    }

    private CompletableFuture<LockHold> waitToWrite() {
        return lock.write().toCompletableFuture();
    }

    @Test
    void countsWhoIsInAndWhoWaits() {
        read();
        read().close();
        LockHold reader = read();
        waitToWrite();
        waitToWrite();
        waitToRead();
        assertThat(lock.metrics().readersNow()).isEqualTo(2);
        assertThat(lock.metrics().writingNow()).isFalse();
        assertThat(lock.metrics().waitingNow()).isEqualTo(3);
        reader.close();
        assertThat(lock.metrics().readersNow()).isEqualTo(1);
        assertThat(lock.metrics().reads()).isEqualTo(3);
        assertThat(lock.metrics().writes()).isZero();
    }

    @Test
    void countsWhoeverHadToWaitAsContended() {
        LockHold writer = write();
        waitToRead();
        CompletableFuture<LockHold> reader = waitToRead();
        CompletableFuture<LockHold> next = waitToWrite();
        writer.close();
        assertThat(lock.metrics().contended()).isEqualTo(2);
        assertThat(lock.metrics().reads()).isEqualTo(2);
        reader.join().close();
        assertThat(next).isNotDone();
        assertThat(lock.metrics().writes()).isEqualTo(1);
    }

    @Test
    void countsAWriterThatHadToWaitAsContendedAndAsAWrite() {
        LockHold writer = write();
        CompletableFuture<LockHold> next = waitToWrite();
        writer.close();
        assertThat(next).isCompleted();
        assertThat(lock.metrics().contended()).isEqualTo(1);
        assertThat(lock.metrics().writes()).isEqualTo(2);
        assertThat(lock.metrics().writingNow()).isTrue();
    }

    @Test
    void tellsTimeoutsFromCancellations() {
        write();
        waitToRead().cancel(false);
        waitToWrite().cancel(false);
        waitToRead().completeExceptionally(new TimeoutException("too late"));
        waitToRead().completeExceptionally(new IllegalStateException("not needed"));
        assertThat(lock.metrics().cancellations()).isEqualTo(3);
        assertThat(lock.metrics().timeouts()).isEqualTo(1);
        assertThat(lock.metrics().waitingNow()).isZero();
    }

    @Test
    void measuresHowLongWasWaitedAndHeldToWrite() {
        LockHold writer = write();
        time.advance(Duration.ofMillis(3));
        CompletableFuture<LockHold> next = waitToWrite();
        time.advance(Duration.ofMillis(4));
        writer.close();
        time.advance(Duration.ofMillis(5));
        next.join().close();
        assertThat(lock.metrics().waits().count()).isEqualTo(1);
        assertThat(lock.metrics().waits().total()).isEqualTo(Duration.ofMillis(4));
        assertThat(lock.metrics().writeHolds().count()).isEqualTo(2);
        assertThat(lock.metrics().writeHolds().total()).isEqualTo(Duration.ofMillis(12));
    }

    @Test
    void measuresNoReader() {
        LockHold reader = read();
        time.advance(Duration.ofMillis(3));
        reader.close();
        assertThat(lock.metrics().waits().count()).isZero();
        assertThat(lock.metrics().writeHolds().count()).isZero();
    }

    @Test
    void isInItsText() {
        assertThat(lock).hasToString("AsyncReadWriteLock 'measured' (0 readers in, 0 waiting)");
        LockHold reader = read();
        waitToWrite();
        assertThat(lock).hasToString("AsyncReadWriteLock 'measured' (1 readers in, 1 waiting)");
        reader.close();
        assertThat(lock).hasToString("AsyncReadWriteLock 'measured' (a writer in, 0 waiting)");
    }
}
