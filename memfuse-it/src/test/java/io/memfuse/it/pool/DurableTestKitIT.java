package io.memfuse.it.pool;

import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.it.TestDatabase;
import io.memfuse.pool.r2dbc.R2dbcPoolProvider;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The specification's test kit through a durable connection factory passes whatever it passes on the driver itself. */
class DurableTestKitIT implements PgTestKit {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final PoolRegistry REGISTRY =
            PoolRegistry.builder().provider(new R2dbcPoolProvider()).build();

    @AfterAll
    static void close() {
        REGISTRY.close();
    }

    @Override
    public TestDatabase database() {
        return DATABASE;
    }

    @Override
    public ConnectionFactory getConnectionFactory() {
        return REGISTRY.durable(REGISTRY.register(
                DATABASE.spec("r2dbc").limits(R2dbcPools.LIMITS).build(), ConnectionFactory.class));
    }
}
