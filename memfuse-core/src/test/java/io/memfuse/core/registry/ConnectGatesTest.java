package io.memfuse.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.Endpoint;
import io.memfuse.core.pool.Endpoints;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.TargetSessionAttrs;
import io.memfuse.core.testing.FakePoolProvider;
import io.memfuse.core.testing.FakePoolProvider.Resource;
import io.memfuse.core.testing.ManualTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectGatesTest {

    private final ConnectGates gates = new ConnectGates(new ManualTime().scheduler());

    private static PoolKey<Resource> key(String host, int port, String database) {
        PoolSpec spec = PoolSpec.builder(FakePoolProvider.NAME, database)
                .host(host)
                .port(port)
                .build();
        return PoolKey.of(spec, Resource.class);
    }

    @Test
    void poolsOfOneServerShareAGate() {
        assertThat(gates.of(key("db.example", 5432, "orders"))).isSameAs(gates.of(key("DB.example.", 5432, "users")));
    }

    @Test
    void aPoolWithSeveralServersSharesTheGateOfTheOneThatItPrefers() {
        PoolSpec spec = PoolSpec.builder(FakePoolProvider.NAME, "orders")
                .endpoints(new Endpoints(
                        List.of(new Endpoint("db1", 5432), new Endpoint("db2", 5432)), TargetSessionAttrs.ANY, false))
                .build();
        assertThat(gates.of(PoolKey.of(spec, Resource.class)))
                .isSameAs(gates.of(key("db1", 5432, "users")))
                .isNotSameAs(gates.of(key("db2", 5432, "users")));
    }

    @Test
    void serversHaveAGateEach() {
        assertThat(gates.of(key("db.example", 5432, "orders")))
                .isNotSameAs(gates.of(key("db.example", 5433, "orders")))
                .isNotSameAs(gates.of(key("db2.example", 5432, "orders")));
    }
}
