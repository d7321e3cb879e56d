package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A name that comes to stand for another database. */
@Timeout(60)
class PoolAliasTest extends RegistryFixture {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final PoolKey<Resource> former = register("orders");
    private final PoolKey<Resource> next = register("orders_new");
    private final PoolAlias<Resource> alias = registry.alias(former);
    private final Resource durable = alias.durable();

    private CompletableFuture<List<DrainReport>> move() {
        return future(registry.change().move(alias, next).remove(former).apply());
    }

    @Test
    void whatIsDurableLeadsToTheNextDatabase() {
        assertThat(durable.use()).isEqualTo(1);
        assertThat(move())
                .succeedsWithin(SOON)
                .satisfies(reports ->
                        assertThat(reports).extracting(DrainReport::key).isEqualTo(List.of(former)));
        assertThat(durable.use()).isEqualTo(2);
        assertThat(alias.durable()).isSameAs(durable);
        assertThat(alias.key()).isSameAs(next);
        assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1, 0);
        assertThat(registry.snapshot().pools()).extracting(PoolSnapshot::key).isEqualTo(List.of(next));
    }

    @Test
    void theFormerPoolIsClosedWhenNobodyUsesItAnyMore() {
        PoolLease<Resource> lease = registry.lease(former);
        CompletableFuture<?> moved = move();
        assertThat(durable.use()).isEqualTo(2);
        assertThat(moved).isNotDone();
        assertThat(lease.resource().use()).isEqualTo(1);
        lease.close();
        assertThat(moved).succeedsWithin(SOON);
    }

    @Test
    void whoWaitsForTheFormerDatabaseIsGivenTheNextOne() throws Exception {
        CountDownLatch go = holdUp("orders");
        Future<Integer> caller = callers.submit(durable::use);
        await().until(() -> provider.attempts() == 1);
        move();
        assertThat(caller.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(provider.pools()).extracting(FakePoolProvider.Pool::spec).containsExactly(spec("orders_new"));
        go.countDown();
    }

    @Test
    void whoWaitsForTheFormerDatabaseAndDoesNotBlockIsGivenTheNextOne() {
        CountDownLatch go = holdUp("orders");
        var route = new MovableRoute<>(registry.route(former));
        CompletableFuture<Resource> caller = future(route.whenOpen());
        await().until(() -> provider.attempts() == 1);
        route.follow(registry.route(next));
        registry.remove(former);
        assertThat(caller)
                .succeedsWithin(SOON)
                .satisfies(found -> assertThat(found.use()).isEqualTo(1));
        assertThat(route.ifOpen()).isSameAs(caller.join());
        go.countDown();
    }

    @Test
    void aFailureOfTheDatabaseItStandsForIsTheCallers() {
        provider.script("orders", (spec, context) -> {
            throw new IOException("no route to host");
        });
        assertThatThrownBy(durable::use).isInstanceOf(PoolOpenException.class).hasMessageContaining("no route to host");
    }

    @Test
    void comesBackToLifeWhenItIsMovedAfterItsDatabaseWasRemoved() {
        registry.remove(former);
        assertThatThrownBy(durable::use).isInstanceOf(PoolClosedException.class);
        PoolKey<Resource> again = register("orders");
        registry.change().move(alias, again).apply();
        assertThat(durable.use()).isEqualTo(1);
    }

    @Test
    void tellsWhetherItStandsForADatabaseThatIsRegistered() {
        assertThat(registry.isRegistered(alias)).isTrue();
        registry.remove(former);
        assertThat(registry.isRegistered(alias)).isFalse();
        PoolKey<Resource> again = register("orders");
        assertThat(registry.isRegistered(alias)).isFalse();
        registry.change().move(alias, again).apply();
        assertThat(registry.isRegistered(alias)).isTrue();
    }

    @Test
    void severalAreForgottenInOneStepEachWithItsReport() {
        registry.lease(former).close();
        registry.lease(next).close();
        assertThat(future(registry.change()
                        .remove(former)
                        .remove(next)
                        .remove(next)
                        .apply()))
                .succeedsWithin(SOON)
                .satisfies(reports ->
                        assertThat(reports).extracting(DrainReport::key).isEqualTo(List.of(former, next)));
        assertThat(registry.snapshot().pools()).isEmpty();
        assertThat(provider.pools()).extracting(pool -> pool.closes()).containsExactly(1, 1);
    }

    @Test
    void twoThatChangePlacesDoSoInOneStep() {
        PoolAlias<Resource> other = registry.alias(next);
        durable.use();
        other.durable().use();
        assertThat(future(
                        registry.change().move(alias, next).move(other, former).apply()))
                .succeedsWithin(SOON)
                .isEqualTo(List.of());
        assertThat(durable.use()).isEqualTo(2);
        assertThat(other.durable().use()).isEqualTo(1);
    }

    private static PoolSpec spec(String database) {
        return FakePoolProvider.spec(database);
    }

    @Nested
    class AChangeThatCannotBe {

        private void changesNothing(Throwable refusal) {
            assertThat(refusal).isInstanceOf(PoolConfigurationException.class);
            assertThat(alias.key()).isSameAs(former);
            assertThat(durable.use()).isEqualTo(1);
            assertThat(registry.snapshot().pools()).hasSize(2);
        }

        @Test
        void leadsToADatabaseThatNobodyRegistered() {
            PoolKey<Resource> unknown = PoolKey.of(spec("unknown"), Resource.class);
            changesNothing(catchThrowable(
                    () -> registry.change().move(alias, unknown).remove(former).apply()));
        }

        @Test
        void removesADatabaseThatNobodyRegistered() {
            PoolKey<Resource> unknown = PoolKey.of(spec("unknown"), Resource.class);
            changesNothing(catchThrowable(
                    () -> registry.change().move(alias, next).remove(unknown).apply()));
        }

        @Test
        void leadsToADatabaseThatItRemoves() {
            changesNothing(catchThrowable(
                    () -> registry.change().move(alias, next).remove(next).apply()));
        }

        @Test
        void leadsToADatabaseOfAnotherProvider() {
            PoolKey<Resource> foreign =
                    PoolKey.of(PoolSpec.builder("other", "orders").build(), Resource.class);
            changesNothing(catchThrowable(() -> registry.change().move(alias, foreign)));
        }

        @Test
        void comesAfterTheRegistryWasClosed() {
            registry.close(Duration.ZERO);
            assertThatThrownBy(() -> move()).isInstanceOf(PoolClosedException.class);
            assertThat(alias.key()).isSameAs(former);
            assertThatThrownBy(() -> registry.change().remove(former).apply()).isInstanceOf(PoolClosedException.class);
        }
    }
}
