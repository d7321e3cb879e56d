package io.memfuse.config.found;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.FakePoolProvider;

/** A provider that is on the class path of these tests. */
public final class FoundProvider implements PoolProvider<FakePoolProvider.Resource> {

    public static final String NAME = "found";

    private final FakePoolProvider fake = new FakePoolProvider();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<FakePoolProvider.Resource> resourceType() {
        return fake.resourceType();
    }

    @Override
    public PoolHandle<FakePoolProvider.Resource> open(PoolSpec spec, PoolContext context) throws Exception {
        return fake.open(spec, context);
    }

    @Override
    public FakePoolProvider.Resource durable(PoolRoute<FakePoolProvider.Resource> route) {
        return fake.durable(route);
    }
}
