package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.pool.PoolTimeoutException;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PooledDataSourceTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void shutDown() {
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    /** HikariCP, which counts in milliseconds and by a clock of its own, may stop 10 microseconds before. */
    @Test
    void whoHasWaitedElsewhereGivesUpNotAMomentTooEarly() throws Exception {
        PoolSpec spec = PoolSpec.builder(HikariPoolProvider.NAME, "orders")
                .limits(PoolLimits.DEFAULTS.withSizes(1, 1).withTimeout(TIMEOUT))
                .build();
        var context =
                new PoolContext(PoolKey.of(spec, DataSource.class), PoolListener.NONE, scheduler, executor, () -> 0);
        PoolHandle<DataSource> pool = new StubDatabase().provider().open(spec, context);
        var resource = (PooledDataSource) pool.resource();
        Duration left = Duration.ofNanos(1_900_000);
        try (Connection all = resource.getConnection()) {
            for (int i = 0; i < 20; i++) {
                long startNanos = System.nanoTime();
                assertThatThrownBy(() -> resource.getConnection(TIMEOUT.minus(left)))
                        .hasCauseInstanceOf(PoolTimeoutException.class);
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThanOrEqualTo(left);
            }
            assertThat(all.isClosed()).isFalse();
        }
        pool.close(Duration.ZERO);
    }

    private PoolHandle<DataSource> open(Duration timeout) throws Exception {
        PoolSpec spec = PoolSpec.builder(HikariPoolProvider.NAME, "orders")
                .limits(PoolLimits.DEFAULTS.withSizes(1, 1).withTimeout(timeout))
                .build();
        return new StubDatabase()
                .provider()
                .open(
                        spec,
                        new PoolContext(
                                PoolKey.of(spec, DataSource.class),
                                PoolListener.NONE,
                                scheduler,
                                executor,
                                System::nanoTime));
    }

    @Test
    void whoAsksAfterTheTimeoutWasChangedHasTheNewOne() throws Exception {
        PoolHandle<DataSource> pool = open(TIMEOUT.dividedBy(2));
        pool.setTimeout(TIMEOUT);
        try (Connection all = pool.resource().getConnection()) {
            long startNanos = System.nanoTime();
            assertThatThrownBy(() -> pool.resource().getConnection())
                    .hasMessageContaining("no connection became free within 1.0 s")
                    .hasCauseInstanceOf(PoolTimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                    .isGreaterThan(TIMEOUT.dividedBy(10).multipliedBy(9));
            assertThat(all.isClosed()).isFalse();
        }
        pool.close(Duration.ZERO);
    }

    /** HikariCP checks what lay idle for as long as it was told at its start. */
    @Test
    void aTimeoutThatACheckMayExceedIsRefused() throws Exception {
        PoolHandle<DataSource> pool = open(TIMEOUT);

        assertThatThrownBy(() -> pool.setTimeout(Duration.ofMillis(300)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "timeout is PT0.3S, and this pool may take PT0.333S to check a connection before it is lent");
        assertThatThrownBy(() -> pool.setTimeout(Duration.ofMillis(249)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("accepted by the provider 'hikari': PT0.25S to PT576H");
        pool.setTimeout(TIMEOUT.multipliedBy(2));
        pool.setTimeout(TIMEOUT);
        pool.close(Duration.ZERO);
    }
}
