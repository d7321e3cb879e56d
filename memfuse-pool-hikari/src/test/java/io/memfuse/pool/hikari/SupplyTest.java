package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that lay ready while the server went away. */
class SupplyTest {

    private static final class LostConnection extends ForwardingConnection {

        LostConnection(Connection delegate) {
            super(delegate);
        }

        @Override
        public boolean isValid(int timeoutSeconds) {
            return false;
        }
    }

    private final class Driver implements LoginsOnly {

        @Override
        public Connection connect() {
            return new LostConnection(new StubConnection(open));
        }
    }

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong nowNanos = new AtomicLong();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final PoolContext context = new PoolContext(
            PoolKey.of(PoolSpec.builder(HikariPoolProvider.NAME, "orders").build(), DataSource.class),
            PoolListener.NONE,
            scheduler,
            Runnable::run,
            nowNanos::get);
    private final PoolMembers members = new PoolMembers(context);
    private final Supply supply = new Supply(
            context,
            new Connector(new Driver(), context, members, PoolLimits.DEFAULTS.timeout(), 0),
            members,
            PoolLimits.DEFAULTS);

    @BeforeEach
    void connect() throws SQLException {
        supply.connectFirst();
    }

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    @Test
    void areTrustedAsLongAsHikariCpTrustsItsOwn() throws SQLException {
        PhysicalConnection first = members.all().get(0);
        nowNanos.set(Duration.ofMillis(500).toNanos());

        assertThat(supply.next()).isSameAs(first);
    }

    @Test
    void areCheckedAndReplacedAfterThat() throws SQLException {
        PhysicalConnection first = members.all().get(0);
        nowNanos.set(Duration.ofMillis(501).toNanos());

        assertThat(supply.next()).isNotNull().isNotSameAs(first);

        assertThat(open).hasValue(1);
    }
}
