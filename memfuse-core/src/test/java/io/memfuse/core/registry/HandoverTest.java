package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.testing.ManualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class HandoverTest {

    private final Handover handover = new Handover(new ManualTime().scheduler());
    private final CompletableFuture<Thread> doneBy = new CompletableFuture<>();

    private void work() {
        doneBy.complete(Thread.currentThread());
    }

    @Test
    void hasTheExecutorDoTheWork() {
        handover.run(Runnable::run, this::work);
        assertThat(doneBy).isCompletedWithValue(Thread.currentThread());
    }

    @Test
    void doesWorkThatIsRejectedOnAnotherThread() {
        handover.run(
                task -> {
                    throw new RejectedExecutionException("ended");
                },
                this::work);
        assertThat(doneBy).succeedsWithin(Duration.ofSeconds(10)).isNotEqualTo(Thread.currentThread());
    }
}
