package io.memfuse.bench.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.memfuse.core.pool.PoolKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** What an application would find its pools with, if it had no MemFuse. The keys are ours: their hash is computed ahead. */
final class PeerTables {

    private static final Duration TTL = Duration.ofMinutes(5);

    private PeerTables() {}

    static PoolTable concurrentHashMap(PoolKey<?>[] keys) {
        return new ConcurrentTable<>(keys, Object::new);
    }

    /** A map and a count of uses for each pool: the least that keeps a pool from being closed while it is used. */
    static PoolTable countedUse(PoolKey<?>[] keys) {
        return new ConcurrentTable<>(keys, AtomicInteger::new) {
            @Override
            public Object find(int database) {
                AtomicInteger pool = Objects.requireNonNull(pools.get(keys[database]));
                pool.incrementAndGet();
                pool.decrementAndGet();
                return pool;
            }
        };
    }

    private static class ConcurrentTable<P> implements PoolTable {

        final Map<PoolKey<?>, P> pools = new ConcurrentHashMap<>();
        final PoolKey<?>[] keys;
        private final Supplier<P> open;

        ConcurrentTable(PoolKey<?>[] keys, Supplier<P> open) {
            this.keys = keys;
            this.open = open;
            for (PoolKey<?> key : keys) {
                pools.put(key, open.get());
            }
        }

        @Override
        public Object find(int database) {
            return Objects.requireNonNull(pools.get(keys[database]));
        }

        @Override
        public void replace(int database) {
            pools.put(keys[database], open.get());
        }
    }

    static PoolTable synchronizedMap(PoolKey<?>[] keys) {
        return new PoolTable() {
            private final Map<PoolKey<?>, Object> pools = filled(keys);

            @Override
            public synchronized Object find(int database) {
                return Objects.requireNonNull(pools.get(keys[database]));
            }

            @Override
            public synchronized void replace(int database) {
                pools.put(keys[database], new Object());
            }
        };
    }

    static PoolTable readWriteLock(PoolKey<?>[] keys) {
        return new PoolTable() {
            private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
            private final Map<PoolKey<?>, Object> pools = filled(keys);

            @Override
            public Object find(int database) {
                lock.readLock().lock();
                try {
                    return Objects.requireNonNull(pools.get(keys[database]));
                } finally {
                    lock.readLock().unlock();
                }
            }

            @Override
            public void replace(int database) {
                lock.writeLock().lock();
                try {
                    pools.put(keys[database], new Object());
                } finally {
                    lock.writeLock().unlock();
                }
            }
        };
    }

    static PoolTable caffeine(PoolKey<?>[] keys) {
        return new PoolTable() {
            private final Cache<PoolKey<?>, Object> pools = Caffeine.newBuilder()
                    .expireAfterAccess(TTL)
                    .maximumSize(10_000)
                    .build();

            {
                pools.putAll(filled(keys));
            }

            @Override
            public Object find(int database) {
                return Objects.requireNonNull(pools.getIfPresent(keys[database]));
            }

            @Override
            public void replace(int database) {
                pools.put(keys[database], new Object());
            }
        };
    }

    /** Not a look-up at all: what reading one volatile field costs. */
    static PoolTable volatileRead(int databases) {
        return new PoolTable() {
            private final AtomicReferenceArray<Object> pools = new AtomicReferenceArray<>(databases);

            {
                for (int i = 0; i < databases; i++) {
                    pools.set(i, new Object());
                }
            }

            @Override
            public Object find(int database) {
                return pools.get(database);
            }

            @Override
            public void replace(int database) {
                pools.set(database, new Object());
            }
        };
    }

    static Map<PoolKey<?>, Object> filled(PoolKey<?>[] keys) {
        Map<PoolKey<?>, Object> pools = new HashMap<>();
        for (PoolKey<?> key : keys) {
            pools.put(key, new Object());
        }
        return pools;
    }
}
