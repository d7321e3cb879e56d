package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.LoanCounter;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import io.memfuse.core.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One open pool, without the slot it is in. */
class OpenPoolTest {

    private final PoolSpec spec = FakePoolProvider.spec("orders");
    private final PoolKey<Resource> key = PoolKey.of(spec, Resource.class);
    private final FakePoolProvider.Pool fake = (FakePoolProvider.Pool) FakePoolProvider.pool(spec);
    private final OpenPool<Resource> pool = new OpenPool<>(key, fake, new LoanCounter(), 0);

    private PoolLease<Resource> lease() {
        return Objects.requireNonNull(pool.tryLease());
    }

    @Nested
    class ALease {

        @Test
        void isOfThePoolAndItsKey() {
            PoolLease<Resource> lease = lease();
            assertThat(lease.pool()).isSameAs(pool);
            assertThat(lease.key()).isSameAs(key);
            assertThat(lease.resource()).isSameAs(pool.resource());
        }

        @Test
        void tellsWhatItIs() {
            PoolLease<Resource> lease = lease();
            assertThat(lease).hasToString("lease of " + key);
            lease.close();
            assertThat(lease).hasToString("lease of " + key + " (closed)");
        }

        @Test
        void countsUntilItIsClosedAndOnce() {
            PoolLease<Resource> lease = lease();
            lease();
            assertThat(pool.leases()).isEqualTo(2);
            lease.close();
            lease.close();
            assertThat(pool.leases()).isEqualTo(1);
        }

        @Test
        void isRefusedOnceThePoolDrains() {
            pool.drain();
            assertThat(pool.tryLease()).isNull();
            assertThat(pool.leases()).isZero();
        }
    }

    @Nested
    class Draining {

        @Test
        void isOverAtOnceIfNothingIsLeased() {
            assertThat(pool.unleased()).isNotDone();
            pool.drain();
            assertThat(pool.unleased()).isCompleted();
        }

        @Test
        void isOverWithTheLastLease() {
            PoolLease<Resource> one = lease();
            PoolLease<Resource> other = lease();
            pool.drain();
            assertThat(pool.leases()).isEqualTo(2);
            one.close();
            assertThat(pool.unleased()).isNotDone();
            other.close();
            assertThat(pool.unleased()).isCompleted();
        }

        @Test
        void doesNotBeginWithTheLastLeaseOfAPoolThatServes() {
            lease().close();
            assertThat(pool.unleased()).isNotDone();
        }
    }

    @Nested
    class Filling {

        private final ManualTime time = new ManualTime();
        private final PoolNumbers numbers = new PoolNumbers(Runnable::run);
        private final CompletableFuture<PoolStats> filled = new CompletableFuture<>();

        private void fill() {
            PoolFiller.fill(pool, Deadline.after(Duration.ofSeconds(1), time), numbers, filled);
        }

        private void assertFailed(Class<? extends Throwable> cause) {
            assertThat(filled).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(cause);
        }

        @Test
        void tellsTheNumbersAndGivesItsLeaseBack() {
            fill();
            assertThat(filled)
                    .isCompletedWithValueMatching(
                            stats -> stats.total() == spec.limits().minSize());
            assertThat(pool.leases()).isZero();
        }

        @Test
        void keepsThePoolFromBeingClosedMeanwhile() {
            fake.scriptWarmUp((of, context) -> assertThat(pool.leases()).isEqualTo(1));
            fill();
            assertThat(filled).isCompleted();
        }

        @Test
        void isRefusedOnceThePoolDrains() {
            pool.drain();
            fill();
            assertFailed(PoolClosedException.class);
        }

        @Test
        void tellsThatItWasInterrupted() {
            fake.scriptWarmUp((of, context) -> {
                throw new InterruptedException("nobody needs it");
            });
            fill();
            assertFailed(PoolInterruptedException.class);
            assertThat(pool.leases()).isZero();
        }

        @Test
        void passesOnWhatThePoolSays() {
            PoolClosedException own = PoolClosedException.drained(key);
            fake.scriptWarmUp((of, context) -> {
                throw own;
            });
            fill();
            assertThatThrownBy(filled::join).hasCause(own);
        }

        @Test
        void putsAnythingElseIntoWords() {
            fake.scriptWarmUp((of, context) -> {
                throw new IOException("too many clients already");
            });
            fill();
            assertFailed(PoolOpenException.class);
            assertThatThrownBy(filled::join).hasMessageContaining("too many clients already");
        }
    }
}
