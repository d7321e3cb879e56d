package io.memfuse.pool.hikari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.core.registry.PoolRegistry;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stays of a pool that was closed. */
@Timeout(60)
class ForgottenPoolTest {

    private static final String WEAK_REFERENCES = "com.zaxxer.hikari.useWeakReferences";

    private final StubDatabase database = new StubDatabase();
    private final PoolRegistry registry =
            PoolRegistry.builder().provider(database.provider()).build();

    @AfterEach
    void close() {
        registry.close(Duration.ZERO);
    }

    /** HikariCP keeps what a thread gave back for that thread, and from there all of the pool is reached, its key too. */
    @Test
    void isNothingOnceTheThreadsThatUsedItHaveUsedAnother() throws SQLException {
        DataSource other = registry.durable(register("stock"));
        List<WeakReference<PoolKey<DataSource>>> closed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            closed.add(useAndRemove("orders" + i, 1));
        }

        use(other, 1);

        awaitCollected(closed);
    }

    @Test
    void isNothingOnceAThreadThatUsesManyPoolsHasSeenSeveralClose() throws SQLException {
        List<DataSource> others = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            others.add(registry.durable(register("stock" + i)));
            use(others.get(i), 1);
        }
        List<WeakReference<PoolKey<DataSource>>> closed = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closed.add(useAndRemove("orders" + i, 1));
        }

        use(others.get(0), 1);

        awaitCollected(closed);
    }

    @Test
    void isNothingThoughAThreadHeldSeveralOfItsConnectionsAtOnce() throws SQLException {
        DataSource other = registry.durable(register("stock"));
        List<WeakReference<PoolKey<DataSource>>> closed = List.of(useAndRemove("orders", 3));

        use(other, 1);

        awaitCollected(closed);
    }

    @Test
    void isNothingOnceEachOfTheThreadsThatSharedAConnectionHasUsedAnother() throws Exception {
        DataSource other = registry.durable(register("stock"));
        ExecutorService second = Executors.newSingleThreadExecutor();
        try {
            List<WeakReference<PoolKey<DataSource>>> closed = List.of(useInTurnsAndRemove("orders", second));

            use(other, 1);
            runOn(second, () -> use(other, 1));

            awaitCollected(closed);
        } finally {
            second.shutdownNow();
        }
    }

    private WeakReference<PoolKey<DataSource>> useInTurnsAndRemove(String name, ExecutorService second)
            throws Exception {
        PoolKey<DataSource> key = register(name);
        for (int i = 0; i < 3; i++) {
            use(registry.durable(key), 1);
            runOn(second, () -> use(registry.durable(key), 1));
        }
        registry.remove(key).toCompletableFuture().join();
        return new WeakReference<>(key);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void runOn(ExecutorService thread, Work work) throws Exception {
        thread.submit(() -> {
                    work.run();
                    return null;
                })
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void isNothingAtOnceIfHikariCpRemembersWeakly() throws SQLException {
        System.setProperty(WEAK_REFERENCES, "true");
        try {
            awaitCollected(List.of(useAndRemove("orders", 1)));
        } finally {
            System.clearProperty(WEAK_REFERENCES);
        }
    }

    private static void awaitCollected(List<WeakReference<PoolKey<DataSource>>> closed) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return closed.stream().allMatch(key -> key.get() == null);
        });
    }

    private WeakReference<PoolKey<DataSource>> useAndRemove(String name, int connections) throws SQLException {
        PoolKey<DataSource> key = register(name);
        use(registry.durable(key), connections);
        registry.remove(key).toCompletableFuture().join();
        return new WeakReference<>(key);
    }

    private PoolKey<DataSource> register(String name) {
        return registry.register(PoolSpec.builder(HikariPoolProvider.NAME, name).build(), DataSource.class);
    }

    private static void use(DataSource source, int connections) throws SQLException {
        if (connections > 0) {
            try (Connection connection = source.getConnection()) {
                assertThat(connection.isClosed()).isFalse();
                use(source, connections - 1);
            }
        }
    }
}
