package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolContext;
import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When HikariCP is to end the connections of a pool. */
@Timeout(30)
class ConnectionLifetimeTest {

    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final int CONNECTIONS = 20;

    /** Remembers what is to be done in a minute or later. */
    private static final class RecordingScheduler extends ScheduledThreadPoolExecutor {

        final List<Duration> delays = new CopyOnWriteArrayList<>();

        RecordingScheduler() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            Duration duration = Duration.of(delay, unit.toChronoUnit());
            if (duration.compareTo(Duration.ofMinutes(1)) >= 0) {
                delays.add(duration);
            }
            return super.schedule(command, delay, unit);
        }
    }

    private final RecordingScheduler scheduler = new RecordingScheduler();
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void shutDown() {
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    private void open(PoolLimits limits) throws Exception {
        PoolSpec spec = PoolSpec.builder(HikariPoolProvider.NAME, "orders")
                .limits(limits.withSizes(CONNECTIONS, CONNECTIONS))
                .build();
        var context = new PoolContext(
                PoolKey.of(spec, DataSource.class), PoolListener.NONE, scheduler, executor, Ticker.system());
        PoolHandle<DataSource> pool = new StubDatabase().provider().open(spec, context);
        pool.warmUp(Duration.ofSeconds(10));
        pool.close(Duration.ZERO);
    }

    @Test
    void isADifferentOneForEachAndUpToATenthLess() throws Exception {
        open(PoolLimits.DEFAULTS.withMaxConnectionLifetime(LIFETIME));

        assertThat(scheduler.delays)
                .hasSizeGreaterThanOrEqualTo(CONNECTIONS)
                .allSatisfy(delay ->
                        assertThat(delay).isBetween(LIFETIME.multipliedBy(9).dividedBy(10), LIFETIME));
        assertThat(scheduler.delays).doesNotContainSequence(scheduler.delays.get(0), scheduler.delays.get(0));
    }

    @Test
    void isNotThereIfThereIsNoLimit() throws Exception {
        open(PoolLimits.DEFAULTS.withMaxConnectionLifetime(Duration.ZERO));

        assertThat(scheduler.delays).isEmpty();
    }
}
