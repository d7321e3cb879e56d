package io.memfuse.bench.stub;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolStats;
import java.time.Duration;
import java.util.List;

/** Opens pools that have nothing inside: what remains is the registry. Thread-safe. */
public final class StubProvider implements PoolProvider<StubPool> {

    /** The name of this provider. */
    public static final String NAME = "stub";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<StubPool> resourceType() {
        return StubPool.class;
    }

    @Override
    public PoolHandle<StubPool> open(PoolSpec spec, PoolContext context) {
        return new Handle(context.key());
    }

    /** Finds the pool of the moment as a durable data source does. */
    @Override
    public StubPool durable(PoolRoute<StubPool> route) {
        return route::current;
    }

    private record Handle(PoolKey<?> key) implements PoolHandle<StubPool>, StubPool {

        @Override
        public StubPool now() {
            return this;
        }

        @Override
        public StubPool resource() {
            return this;
        }

        @Override
        public PoolStats stats() {
            return PoolStats.NONE;
        }

        @Override
        public void warmUp(Duration timeout) {}

        @Override
        public void resize(int minSize, int maxSize) {}

        @Override
        public void setTimeout(Duration timeout) {}

        @Override
        public void evictIdle() {}

        @Override
        public void softEvict() {}

        @Override
        public DrainReport close(Duration drainTimeout) {
            return new DrainReport(key, List.of(), Duration.ZERO);
        }
    }
}
