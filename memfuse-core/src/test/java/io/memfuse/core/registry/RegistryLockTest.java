package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.testing.ManualTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RegistryLockTest {

    private final RegistryLock lock = new RegistryLock(new ManualTime());

    @Test
    void returnsWhatIsDecided() {
        assertThat(lock.reading(() -> "read")).isEqualTo("read");
        assertThat(lock.writing(() -> "written")).isEqualTo("written");
        assertThat(lock.metrics().reads()).isEqualTo(1);
        assertThat(lock.metrics().writes()).isEqualTo(1);
    }

    @Test
    void isFreeAgainAfterADecisionThatFails() {
        assertThatThrownBy(() -> lock.writing(() -> {
                    throw new IllegalStateException("undecided");
                }))
                .hasMessage("undecided");
        assertThat(lock.writing(() -> "written")).isEqualTo("written");
    }

    @Test
    void isHeldWhileSomethingIsDecided() {
        lock.writing(() -> assertThat(lock.metrics().writingNow()).isTrue());
        lock.reading(() -> assertThat(lock.metrics().readersNow()).isEqualTo(1));
        assertThat(lock.metrics().readersNow()).isZero();
    }

    @Test
    void letsAnInterruptWaitUntilItIsDecided() throws Exception {
        var interrupted = new CompletableFuture<Boolean>();
        var thread = new Thread(() -> {
            Thread.currentThread().interrupt();
            lock.reading(() -> "read");
            interrupted.complete(Thread.interrupted());
        });
        thread.start();
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void interruptsNobodyWhoWasNotInterrupted() {
        lock.writing(() -> "written");
        assertThat(Thread.interrupted()).isFalse();
    }
}
