package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolInterruptedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolTimeoutException;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One opening for any number of callers. */
@Timeout(60)
class OpeningTest extends RegistryFixture {

    @Test
    void happensOnceForAnyNumberOfCallers() throws Exception {
        var go = new CountDownLatch(1);
        provider.script("orders", (spec, context) -> go.await());
        PoolKey<Resource> key = register("orders");
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(callers.submit(() -> {
                try (PoolLease<Resource> lease = registry.lease(key)) {
                    return lease.resource().use();
                }
            }));
        }
        await().until(() -> provider.attempts() == 1);
        go.countDown();
        for (Future<Integer> one : all) {
            assertThat(one.get()).isEqualTo(1);
        }
        assertThat(provider.attempts()).isEqualTo(1);
        assertThat(listener.events()).containsExactly("opened");
    }

    @Test
    void doesNotHoldUpAnotherDatabase() {
        provider.script("slow", (spec, context) -> new CountDownLatch(1).await());
        PoolKey<Resource> slow = register("slow");
        Future<?> stuck = callers.submit(() -> registry.lease(slow));
        await().until(() -> stateOf(slow) == PoolState.OPENING);
        try (PoolLease<Resource> lease = registry.lease(register("quick"))) {
            assertThat(lease.resource().use()).isEqualTo(1);
        }
        assertThat(stuck).isNotDone();
    }

    @Test
    void isWaitedForWithinTheCallersOwnTime() {
        PoolKey<Resource> key = register("orders");
        try (PoolLease<Resource> opening = registry.lease(key, Duration.ofSeconds(10));
                PoolLease<Resource> open = registry.lease(key, Duration.ZERO)) {
            assertThat(open.resource()).isSameAs(opening.resource());
        }
    }

    @Test
    void goesOnWhenACallerGivesUp() throws Exception {
        var go = new CountDownLatch(1);
        provider.script("slow", (spec, context) -> go.await());
        PoolKey<Resource> key = register("slow");
        assertThatThrownBy(() -> registry.lease(key, Duration.ofMillis(10)))
                .isInstanceOf(PoolTimeoutException.class)
                .hasMessageContaining("[MemFuse/PoolOpening] fake://postgres@localhost:5432/slow: still opening");
        go.countDown();
        try (PoolLease<Resource> lease = registry.lease(key)) {
            assertThat(lease.resource().use()).isEqualTo(1);
        }
        assertThat(provider.attempts()).isEqualTo(1);
    }

    @Test
    void anInterruptedCallerKeepsItsInterruptAndTheOpeningGoesOn() throws Exception {
        var go = new CountDownLatch(1);
        provider.script("slow", (spec, context) -> go.await());
        PoolKey<Resource> key = register("slow");
        var interrupted = new CompletableFuture<Boolean>();
        var caller = new Thread(() -> {
            Throwable failure = catchThrowable(() -> registry.lease(key));
            interrupted.complete(failure instanceof PoolInterruptedException
                    && Thread.currentThread().isInterrupted());
        });
        caller.start();
        await().until(() -> provider.attempts() == 1);
        caller.interrupt();
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        go.countDown();
        registry.lease(key).close();
    }

    @Test
    void isRefusedFromInsideItself() {
        var nested = new CompletableFuture<Throwable>();
        PoolKey<Resource> key = register("self");
        provider.script("self", (spec, context) -> nested.complete(catchThrowable(() -> registry.lease(key))));
        registry.lease(key).close();
        assertThat(nested.join())
                .isInstanceOf(PoolConfigurationException.class)
                .hasMessageContaining("from inside its own opening");
    }

    @Test
    void isGivenToCallersThatMustNotBlock() {
        var go = new CountDownLatch(1);
        provider.script("slow", (spec, context) -> go.await());
        var late = new CompletableFuture<CompletableFuture<Resource>>();
        PoolRegistry other = PoolRegistry.builder()
                .provider(new RouteProvider(late))
                .threads(threads)
                .ticker(time)
                .build();
        PoolKey<Resource> key = other.register(FakePoolProvider.spec("slow"), Resource.class);
        assertThat(other.durable(key)).isNotNull();
        assertThat(late.join()).succeedsWithin(Duration.ofSeconds(10));
        go.countDown();
        other.close();
    }

    /** Asks its route without blocking as soon as it is made durable. */
    private static final class RouteProvider extends DelegatingProvider {

        private final CompletableFuture<CompletableFuture<Resource>> asked;

        RouteProvider(CompletableFuture<CompletableFuture<Resource>> asked) {
            super(new FakePoolProvider());
            this.asked = asked;
        }

        @Override
        public Resource durable(io.memfuse.core.pool.PoolRoute<Resource> route) {
            asked.complete(route.whenOpen().toCompletableFuture());
            return super.durable(route);
        }
    }
}
