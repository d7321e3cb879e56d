package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.AbortedConnection;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A registry that is closed in less time than pools have that were evicted before: its time bounds theirs. */
@Timeout(60)
class ClosingWhilePoolsDrainTest extends RegistryFixture {

    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final AbortedConnection LEAKED = new AbortedConnection("backend 7", Duration.ofSeconds(3));

    private final Queue<Boolean> interruptedWhenClosed = new ConcurrentLinkedQueue<>();
    private final Queue<Duration> drainTimeouts = new ConcurrentLinkedQueue<>();
    private final CountDownLatch givenBack = new CountDownLatch(1);
    private final PoolRegistry patient = builder()
            .drainTimeout(PATIENCE)
            .listener(new PoolListener() {
                @Override
                public void closed(PoolKey<?> closed, DrainReport report) {
                    interruptedWhenClosed.add(Thread.currentThread().isInterrupted());
                }
            })
            .build();
    private final PoolKey<Resource> key = patient.register(FakePoolProvider.spec("orders"), Resource.class);

    @BeforeEach
    void leakAConnection() {
        provider.scriptPools(pool -> pool.scriptDrain(this::awaitConnection));
    }

    @AfterEach
    void end() {
        givenBack.countDown();
        patient.close(Duration.ZERO);
    }

    /** As an adapter does: an interrupt ends the waiting, not the closing, and is there again afterwards. */
    private List<AbortedConnection> awaitConnection(Duration drainTimeout) {
        drainTimeouts.add(drainTimeout);
        if (drainTimeout.isZero()) {
            return List.of(LEAKED);
        }
        try {
            givenBack.await();
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(LEAKED);
        }
    }

    private CompletableFuture<Optional<DrainReport>> evictWhileAConnectionIsHeld() {
        patient.lease(key).close();
        CompletableFuture<Optional<DrainReport>> evicted = future(patient.evict(key));
        await().until(() -> !drainTimeouts.isEmpty());
        return evicted;
    }

    private void awaitInManualTime(Future<?> over) {
        await().until(() -> {
            time.advance(Duration.ofMillis(100));
            return over.isDone();
        });
    }

    @Test
    void cutsOffAConnectionOfAnEvictedPoolWhenItsOwnTimeIsUpAndNamesIt() throws Exception {
        CompletableFuture<Optional<DrainReport>> evicted = evictWhileAConnectionIsHeld();
        long startNanos = time.nanoTime();

        Future<List<DrainReport>> closing = callers.submit(() -> patient.close(SHORT));
        awaitInManualTime(closing);

        assertThat(closing.get())
                .singleElement()
                .satisfies(report -> assertThat(report.aborted()).containsExactly(LEAKED))
                .isSameAs(evicted.get().orElseThrow());
        assertThat(time.nanoTime() - startNanos).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(drainTimeouts).containsExactly(PATIENCE);
        assertThat(interruptedWhenClosed).containsExactly(false);
    }

    @Test
    void cutsOffAtOnceIfThereIsNoTime() {
        evictWhileAConnectionIsHeld();

        assertThat(callers.submit(() -> patient.close(Duration.ZERO)))
                .succeedsWithin(Duration.ofSeconds(5))
                .satisfies(reports ->
                        assertThat(reports).flatExtracting(DrainReport::aborted).containsExactly(LEAKED));
    }

    @Test
    void waitsNoLongerForALeaseOfAnEvictedPool() throws Exception {
        PoolLease<Resource> lease = patient.lease(key);
        CompletableFuture<Optional<DrainReport>> evicted = future(patient.evict(key));

        Future<List<DrainReport>> closing = callers.submit(() -> patient.close(SHORT));
        awaitInManualTime(closing);

        assertThat(closing.get()).containsExactly(evicted.get().orElseThrow());
        assertThat(drainTimeouts).containsExactly(Duration.ZERO);
        lease.close();
    }

    @Test
    void cutsNothingOffOfWhatComesBackInTimeAndLeavesNoTimer() throws Exception {
        evictWhileAConnectionIsHeld();

        Future<List<DrainReport>> closing = callers.submit(() -> patient.close(SHORT));
        await().until(() -> patient.snapshot(key).state() == PoolState.CLOSED);
        givenBack.countDown();

        assertThat(closing)
                .succeedsWithin(Duration.ofSeconds(5))
                .satisfies(reports -> assertThat(reports).singleElement().matches(DrainReport::drained));
        registry.close(Duration.ZERO);
        await().untilAsserted(() -> assertThat(time.scheduled()).isZero());
    }

    @Test
    void leavesADrainItsOwnTimeIfThatIsShorter() throws Exception {
        CompletableFuture<Optional<DrainReport>> evicted = evictWhileAConnectionIsHeld();
        time.advance(PATIENCE); // The fake keeps no time: as one that is cutting off already.
        PoolKey<Resource> late = patient.register(FakePoolProvider.spec("late"), Resource.class);
        patient.lease(late).close();
        CompletableFuture<Optional<DrainReport>> evictedLate = future(patient.evict(late));
        await().until(() -> drainTimeouts.size() == 2);

        Future<List<DrainReport>> closing = callers.submit(() -> patient.close(SHORT));
        awaitInManualTime(evictedLate);

        assertThat(evictedLate.get().orElseThrow().aborted()).containsExactly(LEAKED);
        assertThat(evicted).isNotDone();
        givenBack.countDown();
        assertThat(closing).succeedsWithin(Duration.ofSeconds(5));
        assertThat(evicted.get().orElseThrow().drained()).isTrue();
    }
}
