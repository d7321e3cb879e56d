package io.memfuse.core.registry;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Several changes of a registry that nobody sees half made: collected here, decided in one step under the registry's lock, and
 * carried out after it. Not thread-safe; for one use.
 *
 * <pre>{@code
 * registry.change().move(orders, newKey).remove(oldKey).apply();
 * }</pre>
 */
public final class RegistryChange {

    private final PoolSlots slots;
    private final RegistryEngine engine;
    private final List<Move<?>> moves = new ArrayList<>();
    private final Set<PoolKey<?>> removed = new LinkedHashSet<>();

    RegistryChange(PoolSlots slots, RegistryEngine engine) {
        this.slots = slots;
        this.engine = engine;
    }

    /**
     * Lets an alias stand for another database, which is registered; to have it open before is to keep nobody waiting.
     *
     * @throws PoolConfigurationException if that is opened by another provider, to whom what is durable does not belong
     */
    public <R> RegistryChange move(PoolAlias<R> alias, PoolKey<R> to) {
        if (!alias.key().provider().equals(to.provider())) {
            throw new PoolConfigurationException(
                    to, alias + " cannot stand for it: its provider is another one; make a new alias");
        }
        moves.add(new Move<>(alias, to));
        return this;
    }

    /** Forgets a database, as {@link PoolRegistry#remove} does. */
    public RegistryChange remove(PoolKey<?> key) {
        removed.add(key);
        return this;
    }

    /**
     * Makes the changes: the aliases are moved before the databases are forgotten, so that who uses an alias meanwhile gets
     * one pool or the other. Never waits for a drain.
     *
     * @return completes when the pools of the databases that were forgotten are closed, with what had to be aborted; nothing
     *     of those that were not open
     * @throws PoolConfigurationException if a key is not registered, or an alias would stand for a database that is forgotten;
     *     nothing is changed then
     * @throws PoolClosedException if the registry is closed; nothing is changed then
     */
    public CompletionStage<List<DrainReport>> apply() {
        List<CompletableFuture<Optional<DrainReport>>> drains = new ArrayList<>();
        for (Turnover.Retired retired : slots.change(moves, removed)) {
            drains.add(retired.end(engine.drainTimeout()));
        }
        CompletableFuture<?> all = CompletableFuture.allOf(drains.toArray(CompletableFuture<?>[]::new));
        return engine.forCaller(all.thenApply(
                ended -> drains.stream().flatMap(drain -> drain.join().stream()).toList()));
    }

    /** One alias, and where it goes. */
    record Move<R>(PoolAlias<R> alias, PoolKey<R> to) {

        void make(PoolSlots all) {
            alias.moveTo(all.get(to));
        }
    }
}
