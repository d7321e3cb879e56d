package io.memfuse.core.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Continuations that release the lock, and so grant it to the next, whose continuation releases it. */
class DeliveriesTest {

    private static final int DEEPEST = 16;
    private static final int MANY = 100;

    private final AsyncReadWriteLock lock = new AsyncReadWriteLock("chain");
    private final LockHold writer = Objects.requireNonNull(lock.tryWrite());
    private int nesting;
    private int deepest;
    private int told;
    private int toldWhenTheFirstHadReleased;

    private void queueMany(AsyncReadWriteLock of) {
        for (int i = 0; i < MANY; i++) {
            of.write().thenAccept(hold -> nest(hold::close));
        }
    }

    private void nest(Runnable release) {
        told++;
        nesting++;
        deepest = Math.max(deepest, nesting);
        release.run();
        nesting--;
    }

    @Test
    void areToldWithinTheReleaseThatGrantsThemButNotDeeperThanABound() {
        lock.write()
                .thenAccept(hold -> nest(() -> {
                    hold.close();
                    toldWhenTheFirstHadReleased = told;
                }));
        queueMany(lock);
        writer.close();
        assertThat(toldWhenTheFirstHadReleased).isEqualTo(1 + MANY);
        assertThat(told).isEqualTo(1 + MANY);
        assertThat(deepest).isEqualTo(DEEPEST);
        assertThat(lock.metrics().writingNow()).isFalse();
    }

    @Test
    void keepToTheBoundAlsoInOneReleaseAfterTheOther() {
        var other = new AsyncReadWriteLock("another chain");
        LockHold ofOther = Objects.requireNonNull(other.tryWrite());
        lock.write()
                .thenAccept(hold -> nest(() -> {
                    hold.close();
                    ofOther.close();
                }));
        queueMany(lock);
        queueMany(other);
        writer.close();
        assertThat(told).isEqualTo(1 + 2 * MANY);
        assertThat(deepest).isEqualTo(DEEPEST);
    }
}
