package io.memfuse.cli.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LoadTest {

    @Test
    void runsEachNumberOnce() throws InterruptedException {
        var numbers = new ConcurrentLinkedQueue<Integer>();

        Load.run(100, 7, numbers::add);

        assertThat(numbers).hasSize(100).doesNotHaveDuplicates().contains(0, 99);
    }

    @Test
    @Timeout(30)
    void runsAsManyAtOnceAsWasAskedFor() throws InterruptedException {
        var together = new CountDownLatch(200);
        var met = new AtomicInteger();

        Load.run(200, 200, number -> {
            together.countDown();
            if (together.await(20, TimeUnit.SECONDS)) {
                met.incrementAndGet();
            }
        });

        assertThat(met).hasValue(200);
    }

    @Test
    void runsNoMoreAtOnceThanWasAskedFor() throws InterruptedException {
        var now = new AtomicInteger();
        var most = new AtomicInteger();

        Load.run(200, 3, number -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            now.decrementAndGet();
        });

        assertThat(most.get()).isBetween(1, 3);
    }
}
