package io.memfuse.config.platform;

import io.memfuse.core.pool.PoolProvider;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The pool providers of one platform. */
public record Providers(List<PoolProvider<?>> all) {

    /** Returns those that are found. */
    public static Providers found() {
        return of(Set.of(), Set.of());
    }

    /** Joins those that are bound for one platform, those that are bound for all, and those that are found. */
    public static Providers of(Set<PoolProvider<?>> own, Set<PoolProvider<?>> shared) {
        List<PoolProvider<?>> bound = Discovery.join(own, shared, PoolProvider::name);
        return new Providers(Discovery.join(bound, loader(), PoolProvider::name));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // A class literal has no wildcard.
    private static ServiceLoader<PoolProvider<?>> loader() {
        return (ServiceLoader) ServiceLoader.load(PoolProvider.class);
    }

    public Set<String> names() {
        return all.stream().map(PoolProvider::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the provider of this name, which must be there. */
    public PoolProvider<?> named(String name) {
        return all.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
