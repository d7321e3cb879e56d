package io.memfuse.cli.startup;

import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolState;
import io.memfuse.core.service.ServiceKey;
import io.memfuse.core.startup.StartupReport;
import io.memfuse.core.startup.StartupReport.PoolEntry;
import io.memfuse.core.startup.StartupReport.ServiceEntry;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** Reports made by hand. */
final class Reports {

    static final PoolKey<DataSource> ORDERS = key("orders");
    static final PoolKey<DataSource> DEAD = key("dead");
    static final ServiceKey MEMORY = new ServiceKey("alice", "memory");

    static final PoolEntry OPEN = new PoolEntry(ORDERS, PoolState.OPEN, 5, Duration.ofMillis(120), null);
    static final PoolEntry FAILED =
            new PoolEntry(DEAD, PoolState.FAILED, 0, Duration.ofMillis(1_500), PoolClosedException.drained(DEAD));
    static final ServiceEntry READY = new ServiceEntry(MEMORY, Duration.ofMillis(12), null);

    private Reports() {}

    static StartupReport well() {
        return new StartupReport(List.of(OPEN), List.of(READY), Duration.ofMillis(135));
    }

    static StartupReport withAFailure() {
        return new StartupReport(List.of(OPEN, FAILED), List.of(READY), Duration.ofMillis(1_501));
    }

    private static PoolKey<DataSource> key(String database) {
        return PoolKey.of(PoolSpec.builder("hikari", database).build(), DataSource.class);
    }
}
