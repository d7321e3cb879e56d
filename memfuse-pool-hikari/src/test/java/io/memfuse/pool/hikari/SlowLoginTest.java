package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolLimits;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logins that take longer than the pool's timeout. */
@Timeout(60)
class SlowLoginTest {

    private static final int MAX = 3;

    private final AtomicInteger logins = new AtomicInteger();
    private final CountDownLatch beyond = new CountDownLatch(MAX + 1);
    private final CountDownLatch go = new CountDownLatch(1);

    /** The first login and those on HikariCP's own thread are answered, those that are made beside them wait. */
    private final class SlowDriver implements LoginsOnly {

        @Override
        public Connection connect() throws SQLException {
            beyond.countDown();
            boolean ahead = !Thread.currentThread().getName().startsWith("memfuse-hikari");
            if (logins.incrementAndGet() > 1 && ahead) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new SQLException("interrupted", e);
                }
            }
            return new StubConnection(new AtomicInteger());
        }
    }

    @Test
    void areNeverMoreThanTheMaximumTogetherWithTheMembers() throws Exception {
        PoolLimits limits = PoolLimits.DEFAULTS.withSizes(MAX, MAX).withTimeout(Duration.ofMillis(500));
        PoolSpec spec =
                PoolSpec.builder(HikariPoolProvider.NAME, "slow").limits(limits).build();
        PoolRegistry registry = PoolRegistry.builder()
                .provider(new HikariPoolProvider((of, key) -> new SlowDriver()))
                .drainTimeout(Duration.ZERO)
                .build();
        try {
            PoolKey<DataSource> key = registry.register(spec, DataSource.class);
            registry.warmUp(key);

            assertThat(beyond.await(3, TimeUnit.SECONDS))
                    .as("%s members and logins at once, at most %s allowed", logins, MAX)
                    .isFalse();
        } finally {
            go.countDown();
            registry.close();
        }
    }
}
