package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolSpec;
import io.memfuse.it.TestDatabase;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The specification's test kit on the driver itself: what {@link DurableTestKitIT} is to be compared with. */
class BareDriverTestKitIT implements PgTestKit {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    public TestDatabase database() {
        return DATABASE;
    }

    @Override
    public ConnectionFactory getConnectionFactory() {
        PoolSpec spec = DATABASE.spec("r2dbc").build();
        return new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
                .host(spec.endpoints().first().host())
                .port(spec.endpoints().first().port())
                .database(spec.database())
                .username(spec.user())
                .password(spec.password().reveal())
                .build());
    }

    /** With Netty 4.2's allocator. When this succeeds, MemFuse need not choose another one: docs/adr/0022. */
    @Override
    @Test
    public void blobSelect() {
        assertThatThrownBy(PgTestKit.super::blobSelect)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("An I/O error occurred");
    }
}
