package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.Secret;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What registering a database does and refuses. */
@Timeout(60)
class RegisteringTest extends RegistryFixture {

    @Test
    void opensNothing() {
        PoolKey<Resource> key = register("orders");
        assertThat(provider.attempts()).isZero();
        assertThat(stateOf(key)).isEqualTo(PoolState.REGISTERED);
        assertThat(registry.peek(key)).isEmpty();
    }

    @Test
    void givesTheSameKeyForOneDatabaseHoweverItIsSpelled() {
        PoolKey<Resource> key = register("orders");
        PoolSpec spelled = PoolSpec.builder(FakePoolProvider.NAME, "orders")
                .host("LocalHost.")
                .build();
        assertThat(registry.register(spelled, Resource.class)).isSameAs(key);
    }

    @Test
    void refusesOneDatabaseWithTwoSettingsAndNamesThemButNotThePassword() {
        register("orders");
        PoolSpec other = PoolSpec.builder(FakePoolProvider.NAME, "orders")
                .limits(PoolLimits.DEFAULTS.withSizes(1, 2))
                .password(Secret.of("hunter2"))
                .build();
        assertThatThrownBy(() -> registry.register(other, Resource.class))
                .isInstanceOf(PoolConfigurationException.class)
                .hasMessageContaining("min_size: 5 and 1, max_size: 20 and 2, password")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void namesTheKnownProvidersWhenOneIsMissing() {
        assertThatThrownBy(
                        () -> registry.register(PoolSpec.builder("oracle", "x").build(), Resource.class))
                .isInstanceOf(PoolConfigurationException.class)
                .hasMessageContaining("no provider 'oracle' is there; known: fake");
    }

    @Test
    void refusesATypeThatTheProviderDoesNotOffer() {
        assertThatThrownBy(() -> registry.register(FakePoolProvider.spec("x"), String.class))
                .isInstanceOf(PoolConfigurationException.class)
                .hasMessageContaining("not a java.lang.String");
    }

    @Test
    void refusesAKeyThatNobodyRegistered() {
        PoolKey<Resource> stranger = PoolKey.of(FakePoolProvider.spec("stranger"), Resource.class);
        assertThatThrownBy(() -> registry.lease(stranger))
                .isInstanceOf(PoolConfigurationException.class)
                .hasMessageContaining("not registered");
    }

    @Test
    void refusesTwoProvidersOfOneName() {
        assertThatThrownBy(() -> PoolRegistry.builder().provider(provider).provider(new FakePoolProvider()))
                .isInstanceOf(PoolConfigurationException.class)
                .hasMessageContaining("two providers are named 'fake'");
    }
}
