package io.memfuse.it.pool;

import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.testing.PoolUnderTest;
import io.memfuse.it.TestDatabase;
import java.util.Set;

/** The server's part of what the contract of providers is tried on. */
abstract class DatabaseUnderTest<R> implements PoolUnderTest<R> {

    private final PoolProvider<R> provider;
    private final TestDatabase database;

    DatabaseUnderTest(PoolProvider<R> provider, TestDatabase database) {
        this.provider = provider;
        this.database = database;
    }

    @Override
    public PoolProvider<R> provider() {
        return provider;
    }

    @Override
    public PoolSpec.Builder spec() {
        return database.spec(provider.name());
    }

    @Override
    public Set<Integer> backends() {
        return database.backends().pids();
    }

    @Override
    public void terminate(int backend) {
        database.backends().terminate(backend);
    }

    @Override
    public String query(String sql) {
        return database.query(sql);
    }

    @Override
    public void execute(String sql) {
        database.execute(sql);
    }
}
