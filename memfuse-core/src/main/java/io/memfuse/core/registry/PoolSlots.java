package io.memfuse.core.registry;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The slots of a registry, by key. Finding one takes no lock; what concerns several is decided under one. Thread-safe. */
final class PoolSlots {

    private final SlotContext context;
    private final RegistryLock lock;
    private final ConcurrentHashMap<PoolKey<?>, PoolSlot<?>> slots = new ConcurrentHashMap<>();

    /** From then on no slot is added and none opens. Guarded by {@code lock}. */
    private boolean closed;

    PoolSlots(SlotContext context, RegistryLock lock) {
        this.context = context;
        this.lock = lock;
    }

    /** Returns the slot of a database, which is added if it is new. */
    <R> PoolSlot<R> add(PoolKey<R> key, PoolSpec spec, PoolProvider<R> provider) {
        return lock.reading(() -> {
            if (closed) {
                throw PoolClosedException.registryClosed(key);
            }
            return cast(slots.computeIfAbsent(key, k -> new PoolSlot<>(key, spec, provider, context)));
        });
    }

    /** @throws PoolConfigurationException if nobody registered the key */
    <R> PoolSlot<R> get(PoolKey<R> key) {
        PoolSlot<?> slot = slots.get(key);
        if (slot == null) {
            throw new PoolConfigurationException(key, "not registered; register its spec first");
        }
        return cast(slot);
    }

    boolean has(PoolRoute<?> slot) {
        return slots.get(slot.key()) == slot;
    }

    /** Returns the slots of this moment, more or less. */
    Collection<PoolSlot<?>> all() {
        return slots.values();
    }

    /** Takes a slot out, and out of service with it. */
    CompletableFuture<Optional<DrainReport>> remove(PoolKey<?> key) {
        Turnover.Retired retired = lock.writing(() -> {
            Turnover.Retired decided = get(key).turnover().retire(CloseReason.REMOVED);
            slots.remove(key);
            return decided;
        });
        return retired.end(context.engine().drainTimeout());
    }

    /** Moves aliases and then takes slots out, in one step; nothing at all if one of them cannot be. */
    List<Turnover.Retired> change(List<RegistryChange.Move<?>> moves, Set<PoolKey<?>> removed) {
        return lock.writing(() -> {
            check(moves, removed);
            moves.forEach(move -> move.make(this));
            List<Turnover.Retired> retired = new ArrayList<>();
            for (PoolKey<?> key : removed) {
                retired.add(get(key).turnover().retire(CloseReason.REMOVED));
                slots.remove(key);
            }
            return retired;
        });
    }

    private void check(List<RegistryChange.Move<?>> moves, Set<PoolKey<?>> removed) {
        for (RegistryChange.Move<?> move : moves) {
            check(move.to());
            if (removed.contains(move.to())) {
                throw new PoolConfigurationException(
                        move.to(), "an alias is to stand for it, and it is to be removed; leave one out");
            }
        }
        removed.forEach(this::check);
    }

    private void check(PoolKey<?> key) {
        if (closed) {
            throw PoolClosedException.registryClosed(key);
        }
        get(key);
    }

    /** Takes every slot out of service, in one step; empty if that was done before. */
    Optional<List<Turnover.Retired>> retireAll() {
        return lock.writing(() -> {
            if (closed) {
                return Optional.empty();
            }
            closed = true;
            List<Turnover.Retired> retired = new ArrayList<>();
            slots.values().forEach(slot -> retired.add(slot.turnover().retire(CloseReason.SHUT_DOWN)));
            return Optional.of(retired);
        });
    }

    /** Returns all pools as they are now. */
    List<PoolSnapshot> snapshot() {
        PoolSnapshots taken =
                lock.reading(() -> context.drains().read(draining -> new PoolSnapshots(slots.values(), draining)));
        return taken.read(context.numbers(), context.engine().ticker().nanoTime());
    }

    @SuppressWarnings("unchecked") // a slot is only ever stored under its own key
    private static <R> PoolSlot<R> cast(PoolSlot<?> slot) {
        return (PoolSlot<R>) slot;
    }
}
