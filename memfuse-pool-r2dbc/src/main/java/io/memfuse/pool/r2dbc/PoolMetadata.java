package io.memfuse.pool.r2dbc;

import io.r2dbc.spi.ConnectionFactoryMetadata;

/** What libraries go by to know the database: its name is that of the driver, whatever is in between. */
enum PoolMetadata implements ConnectionFactoryMetadata {
    INSTANCE;

    @Override
    public String getName() {
        return "PostgreSQL";
    }
}
