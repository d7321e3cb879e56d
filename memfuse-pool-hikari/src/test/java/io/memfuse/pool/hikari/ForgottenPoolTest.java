package io.memfuse.pool.hikari;

import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolRegistry;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stays of a pool that was closed. */
@Timeout(60)
class ForgottenPoolTest {

    private final StubDatabase database = new StubDatabase();
    private final PoolRegistry registry =
            PoolRegistry.builder().provider(database.provider()).build();

    @AfterEach
    void close() {
        registry.close(Duration.ZERO);
    }

    /** HikariCP keeps what a thread gave back for that thread, and from there all of the pool is reached, its key too. */
    @Test
    void isNothingThoughTheThreadsThatUsedItLiveOn() throws SQLException {
        WeakReference<PoolKey<DataSource>> key = useAndRemove();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return key.get() == null;
        });
    }

    private WeakReference<PoolKey<DataSource>> useAndRemove() throws SQLException {
        PoolKey<DataSource> key = registry.register(
                PoolSpec.builder(HikariPoolProvider.NAME, "orders").build(), DataSource.class);
        Connection connection = registry.durable(key).getConnection();
        connection.close();
        registry.remove(key).toCompletableFuture().join();
        return new WeakReference<>(key);
    }
}
