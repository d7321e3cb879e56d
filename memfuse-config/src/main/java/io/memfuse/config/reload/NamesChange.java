package io.memfuse.config.reload;

import io.memfuse.config.MemFuseConfig;
import io.memfuse.config.platform.Databases;
import io.memfuse.config.platform.NamedPools;
import io.memfuse.config.platform.Registered;
import io.memfuse.config.reload.ReloadPlan.Step;
import io.memfuse.config.reload.ReloadPlan.Wanted;
import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolAlias;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.core.registry.RegistryChange;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Lets the names stand for what another configuration says, and forgets the databases that have no name any more, in one step.
 * For one use. Not thread-safe.
 */
final class NamesChange {

    private final PoolRegistry registry;
    private final Databases databases;
    private final RegistryChange change;
    private final Map<String, PoolAlias<?>> byName = new LinkedHashMap<>();

    /** What the names will stand for: an alias moves later. */
    private final Set<PoolKey<?>> used = new HashSet<>();

    NamesChange(PoolRegistry registry, Databases databases) {
        this.registry = registry;
        this.databases = databases;
        this.change = registry.change();
    }

    /** A name goes on to stand for what it stands for. */
    void keep(Step step) {
        PoolAlias<?> alias = step.alias();
        if (alias != null) {
            byName.put(step.name(), alias);
            used.add(alias.key());
        }
    }

    /** A name is to stand for what its step wants, which is registered. */
    void move(Step step, Wanted wanted) {
        PoolAlias<?> alias = step.alias() == null ? databases.former(step.name()) : step.alias();
        byName.put(
                step.name(),
                alias != null && canStandFor(alias, wanted.key())
                        ? moved(alias, wanted)
                        : registry.alias(wanted.key()));
        used.add(wanted.key());
    }

    /** What programs have is of one provider, and cannot lead to a pool of another. */
    private static boolean canStandFor(PoolAlias<?> alias, PoolKey<?> key) {
        return alias.key().provider().equals(key.provider());
    }

    @SuppressWarnings("unchecked") // one provider has one type of resource
    private <R> PoolAlias<R> moved(PoolAlias<R> alias, Wanted wanted) {
        change.move(alias, (PoolKey<R>) wanted.key());
        return alias;
    }

    /**
     * Makes the change.
     *
     * @param candidates the databases to be forgotten if no name stands for them
     * @return completes when their pools are closed
     */
    CompletableFuture<List<DrainReport>> apply(MemFuseConfig former, MemFuseConfig next, Set<PoolKey<?>> candidates) {
        Set<PoolKey<?>> pinnedBefore = databases.now().pinned(former);
        candidates.stream()
                .filter(key -> !used.contains(key) && Registered.is(registry, key))
                .forEach(change::remove);
        CompletableFuture<List<DrainReport>> drains = change.apply().toCompletableFuture();
        var named = new NamedPools(byName, next);
        databases.become(named);
        Set<PoolKey<?>> pinned = named.pinned(next);
        pinned.forEach(key -> Registered.tell(key, registry::pin));
        pinnedBefore.stream()
                .filter(key -> used.contains(key) && !pinned.contains(key))
                .forEach(key -> Registered.tell(key, registry::unpin));
        return drains;
    }
}
