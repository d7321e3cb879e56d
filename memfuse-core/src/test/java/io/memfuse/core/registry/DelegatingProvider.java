package io.memfuse.core.registry;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;

/** A fake provider of which a test changes one method. */
abstract class DelegatingProvider implements PoolProvider<Resource> {

    private final FakePoolProvider fake;

    DelegatingProvider(FakePoolProvider fake) {
        this.fake = fake;
    }

    @Override
    public String name() {
        return fake.name();
    }

    @Override
    public Class<Resource> resourceType() {
        return fake.resourceType();
    }

    @Override
    public PoolHandle<Resource> open(PoolSpec spec, PoolContext context) throws Exception {
        return fake.open(spec, context);
    }

    @Override
    public Resource durable(PoolRoute<Resource> route) {
        return fake.durable(route);
    }
}
