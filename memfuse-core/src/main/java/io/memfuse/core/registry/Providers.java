package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolProvider;
import java.util.Map;
import java.util.TreeMap;

/** The technologies that a registry knows. Immutable. */
final class Providers {

    private final Map<String, PoolProvider<?>> byName;

    Providers(Map<String, PoolProvider<?>> byName) {
        this.byName = new TreeMap<>(byName);
    }

    /** Returns the provider that opens the pool of a key. */
    <R> PoolProvider<R> of(PoolKey<R> key) {
        PoolProvider<?> provider = byName.get(key.provider());
        if (provider == null) {
            throw new PoolConfigurationException(
                    key,
                    "no provider '" + key.provider() + "' is there; known: " + String.join(", ", byName.keySet())
                            + "; add its module");
        }
        if (provider.resourceType() != key.resourceType()) {
            throw new PoolConfigurationException(
                    key,
                    "the provider '" + key.provider() + "' offers a "
                            + provider.resourceType().getName() + ", not a "
                            + key.resourceType().getName());
        }
        @SuppressWarnings("unchecked") // just compared
        PoolProvider<R> typed = (PoolProvider<R>) provider;
        return typed;
    }
}
