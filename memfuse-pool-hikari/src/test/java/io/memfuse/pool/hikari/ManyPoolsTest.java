package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a thousand open pools cost, on HikariCP as it is and a database that is not there. */
@Timeout(120)
class ManyPoolsTest {

    private static final int POOLS = 1_000;

    private final StubDatabase database = new StubDatabase();
    private final PoolRegistry registry =
            PoolRegistry.builder().provider(database.provider()).build();

    @AfterEach
    void close() {
        registry.close(Duration.ZERO);
    }

    private void open(int from, int to) throws SQLException {
        List<PoolKey<DataSource>> keys = new ArrayList<>();
        for (int i = from; i < to; i++) {
            keys.add(registry.register(
                    PoolSpec.builder(HikariPoolProvider.NAME, "db" + i).build(), DataSource.class));
        }
        for (PoolKey<DataSource> key : keys) {
            try (Connection connection = registry.durable(key).getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
    }

    @Test
    void haveTheThreadsOfOne() throws SQLException {
        open(0, 1);
        Set<Thread> ofOne = Thread.getAllStackTraces().keySet();

        open(1, POOLS);

        // HikariCP fills them to their minimum 100 ms after they opened, and keeps a thread for 5 s after that.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(database.open()).isGreaterThanOrEqualTo(POOLS * 5));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(others(ofOne)).isEmpty());
    }

    /** The engine's own end when idle too, and are as many as work was there at once, not as there are pools. */
    private static Set<String> others(Set<Thread> than) {
        Set<String> others = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!than.contains(thread) && thread.getName().startsWith("memfuse")) {
                others.add(thread.getName());
            }
        }
        return others;
    }
}
