package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolRoute;
import io.memfuse.it.TestDatabase;
import io.memfuse.pool.hikari.HikariPoolProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A durable data source while the pools behind it come and go. */
class HikariDurableIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final Pools POOLS = new Pools();

    private static final class Route implements PoolRoute<DataSource> {

        private final PoolKey<DataSource> key = PoolKey.of(DATABASE.spec().build(), DataSource.class);
        private volatile PoolHandle<DataSource> pool = openPool();

        /** Puts a new pool before it closes the old one, as the registry does. */
        void replace() {
            PoolHandle<DataSource> old = pool;
            pool = openPool();
            assertThat(old.close(Duration.ofSeconds(20)).drained()).isTrue();
        }

        @Override
        public PoolKey<DataSource> key() {
            return key;
        }

        @Override
        public DataSource current() {
            return pool.resource();
        }

        @Override
        public CompletionStage<DataSource> whenOpen() {
            return CompletableFuture.completedStage(current());
        }
    }

    private static PoolHandle<DataSource> openPool() {
        return POOLS.open(DATABASE.spec().limits(Pools.LIMITS.withSizes(1, 3)));
    }

    @Test
    void failsNoBorrowerThoughItsPoolIsReplacedAllTheTime() {
        var route = new Route();
        DataSource durable = new HikariPoolProvider().durable(route);
        var over = new AtomicBoolean();
        var served = new AtomicInteger();
        List<CompletableFuture<Void>> borrowers = new ArrayList<>();
        // More of them than the pool has connections: some wait while it is closed.
        for (int i = 0; i < 6; i++) {
            var borrower = new CompletableFuture<Void>();
            new Thread(
                            () -> {
                                try {
                                    while (!over.get()) {
                                        borrowOnce(durable);
                                        served.incrementAndGet();
                                    }
                                    borrower.complete(null);
                                } catch (SQLException | RuntimeException e) {
                                    borrower.completeExceptionally(e);
                                }
                            },
                            "borrower-" + i)
                    .start();
            borrowers.add(borrower);
        }

        for (int i = 0; i < 10; i++) {
            int before = served.get();
            route.replace();
            await().until(() -> served.get() > before + 10
                    || borrowers.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
        }
        over.set(true);

        assertThat(CompletableFuture.allOf(borrowers.toArray(CompletableFuture[]::new)))
                .succeedsWithin(Duration.ofSeconds(20));
    }

    private static void borrowOnce(DataSource durable) throws SQLException {
        try (Connection connection = durable.getConnection()) {
            assertThat(Pools.query(connection, "SELECT 'served'")).isEqualTo("served");
        }
    }
}
