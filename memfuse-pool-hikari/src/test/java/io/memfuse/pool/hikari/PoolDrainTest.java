package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Borrowers and the deadline of a drain. */
@Timeout(30)
class PoolDrainTest {

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final AtomicInteger open = new AtomicInteger();
    private final Deque<Connection> held = new ArrayDeque<>();

    /** While the first connection is named, which is cut off, the other one is given back. */
    private final class Driver implements LoginsOnly {

        @Override
        public Connection connect() {
            return new StubConnection(open);
        }

        @Override
        public String name(Connection connection) {
            Connection other = held.pollLast();
            if (other != null) {
                try {
                    other.close();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
            return "stub";
        }
    }

    @AfterEach
    void shutDown() {
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    @Test
    void whoGivesBackJustInTimeIsNotReportedAsCutOff() throws Exception {
        PoolSpec spec = PoolSpec.builder(HikariPoolProvider.NAME, "orders")
                .limits(PoolLimits.DEFAULTS.withSizes(2, 2))
                .build();
        var context = new PoolContext(
                PoolKey.of(spec, DataSource.class), PoolListener.NONE, scheduler, executor, Ticker.system());
        PoolHandle<DataSource> pool = new HikariPoolProvider((ignored, key) -> new Driver()).open(spec, context);
        Connection unused = pool.resource().getConnection();
        held.add(pool.resource().getConnection());

        DrainReport report = pool.close(Duration.ZERO);

        assertThat(report.aborted()).hasSize(1);
        assertThat(held).isEmpty();
        assertThat(open).hasValue(0);
    }
}
