package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.DrainReport;
import io.memfuse.core.pool.PoolClosedException;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.it.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From open to closed. */
class HikariLifecycleIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final Pools POOLS = new Pools();

    @Test
    void isOpenWithOneConnectionThatWorks() throws SQLException {
        PoolHandle<DataSource> pool = POOLS.open(DATABASE.spec());

        assertThat(pool.stats().total()).isPositive();
        try (Connection connection = pool.resource().getConnection()) {
            assertThat(Pools.query(connection, "SELECT current_database()")).isEqualTo(DATABASE.name());
            assertThat(pool.stats().active()).isEqualTo(1);
        }
    }

    @Test
    void isWarmWithItsMinimumOfConnections() throws InterruptedException {
        PoolHandle<DataSource> pool = POOLS.openWarm(DATABASE.spec());

        assertThat(pool.stats().total()).isEqualTo(PoolLimits.DEFAULTS.minSize());
        assertThat(DATABASE.backends().count()).isEqualTo(PoolLimits.DEFAULTS.minSize());
    }

    @Test
    void leavesNothingOnTheServerWhenClosed() throws InterruptedException {
        PoolHandle<DataSource> pool = POOLS.openWarm(DATABASE.spec());

        DrainReport report = pool.close(Duration.ofSeconds(1));

        assertThat(report.drained()).isTrue();
        await().untilAsserted(() -> assertThat(DATABASE.backends().count()).isZero());
    }

    @Test
    void refusesBorrowersOnceClosed() {
        PoolHandle<DataSource> pool = POOLS.open(DATABASE.spec());
        DrainReport report = pool.close(Duration.ofSeconds(1));

        assertThatThrownBy(pool.resource()::getConnection)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasCauseInstanceOf(PoolClosedException.class);
        assertThat(pool.close(Duration.ofSeconds(1))).isSameAs(report);
    }
}
