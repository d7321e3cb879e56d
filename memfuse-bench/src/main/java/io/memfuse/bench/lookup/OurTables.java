package io.memfuse.bench.lookup;

import io.memfuse.bench.stub.StubPool;
import io.memfuse.bench.stub.StubRegistry;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.registry.PoolLease;
import io.memfuse.core.registry.PoolRegistry;

/** The ways in which callers of MemFuse find a pool. */
final class OurTables {

    private OurTables() {}

    private abstract static class Ours implements PoolTable {

        final StubRegistry pools;
        final PoolRegistry registry;

        /** In an array, as the peers have theirs. */
        final PoolKey<StubPool>[] keys;

        @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
        Ours(int databases) {
            pools = new StubRegistry(databases);
            registry = pools.registry();
            keys = pools.keys().toArray(new PoolKey[0]);
        }

        @Override
        public void replace(int database) {
            pools.reopen(database);
        }

        @Override
        public void close() {
            pools.close();
        }
    }

    /** By the key, what an application keeps and uses, as it keeps a data source from its own map. */
    static PoolTable durable(int databases) {
        return new Ours(databases) {
            @Override
            public Object find(int database) {
                return registry.durable(keys[database]);
            }
        };
    }

    /** By the key: the slot's durable resource, and the pool behind it. */
    static PoolTable byKey(int databases) {
        return new Ours(databases) {
            @Override
            public Object find(int database) {
                return registry.durable(keys[database]).now();
            }
        };
    }

    /** By the key, kept from being closed for the length of the use. */
    static PoolTable byLease(int databases) {
        return new Ours(databases) {
            @Override
            public Object find(int database) {
                try (PoolLease<StubPool> lease = registry.lease(keys[database])) {
                    return lease.resource();
                }
            }
        };
    }

    /** By a durable handle that was kept. */
    static PoolTable byHandle(int databases) {
        return new Ours(databases) {
            private final StubPool[] handles =
                    pools.keys().stream().map(pools.registry()::durable).toArray(StubPool[]::new);

            @Override
            public Object find(int database) {
                return handles[database].now();
            }
        };
    }
}
