package io.memfuse.bench.lookup;

import io.memfuse.bench.candidates.OptimisticTable;
import io.memfuse.core.lock.AsyncReadWriteLock;
import io.memfuse.core.lock.LockHold;
import io.memfuse.core.pool.PoolKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The read paths that MemFuse could have had instead of its own. */
final class CandidateTables {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private CandidateTables() {}

    /** The plain way: each look-up takes our lock to read. */
    static PoolTable underOurLock(PoolKey<?>[] keys) {
        return new PoolTable() {
            private final AsyncReadWriteLock lock = new AsyncReadWriteLock("candidate");
            private final Map<PoolKey<?>, Object> pools = PeerTables.filled(keys);

            @Override
            public Object find(int database) {
                LockHold hold = hold(lock.tryRead(), false);
                try {
                    return Objects.requireNonNull(pools.get(keys[database]));
                } finally {
                    hold.close();
                }
            }

            @Override
            public void replace(int database) {
                LockHold hold = hold(lock.tryWrite(), true);
                try {
                    pools.put(keys[database], new Object());
                } finally {
                    hold.close();
                }
            }

            private LockHold hold(@Nullable LockHold tried, boolean write) {
                if (tried != null) {
                    return tried;
                }
                try {
                    return write ? lock.writeBlocking(TIMEOUT) : lock.readBlocking(TIMEOUT);
                } catch (InterruptedException e) {
                    throw new IllegalStateException("a benchmark is not interrupted", e);
                }
            }
        };
    }

    /** A stamped optimistic read of an open-addressing table. */
    static PoolTable optimistic(PoolKey<?>[] keys) {
        return new PoolTable() {
            private final OptimisticTable<PoolKey<?>, Object> pools = new OptimisticTable<>(keys.length);

            {
                PeerTables.filled(keys).forEach(pools::put);
            }

            @Override
            public Object find(int database) {
                return Objects.requireNonNull(pools.get(keys[database]));
            }

            @Override
            public void replace(int database) {
                pools.put(keys[database], new Object());
            }
        };
    }

    /** An immutable map that each change copies. */
    static PoolTable snapshot(PoolKey<?>[] keys) {
        return new PoolTable() {
            private volatile Map<PoolKey<?>, Object> pools = Map.copyOf(PeerTables.filled(keys));

            @Override
            public Object find(int database) {
                return Objects.requireNonNull(pools.get(keys[database]));
            }

            @Override
            public synchronized void replace(int database) {
                Map<PoolKey<?>, Object> changed = new HashMap<>(pools);
                changed.put(keys[database], new Object());
                pools = Map.copyOf(changed);
            }
        };
    }
}
