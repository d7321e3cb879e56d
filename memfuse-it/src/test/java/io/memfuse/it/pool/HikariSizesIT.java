package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolSpec;
import io.memfuse.it.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pool that changes while it runs: its sizes, its connections; and what many pools cost. */
class HikariSizesIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final Pools POOLS = new Pools();

    private static PoolSpec.Builder spec(int minSize, int maxSize) {
        return DATABASE.spec().limits(Pools.LIMITS.withSizes(minSize, maxSize));
    }

    private static List<Connection> borrow(PoolHandle<DataSource> pool, int count) throws SQLException {
        List<Connection> borrowed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            borrowed.add(pool.resource().getConnection());
        }
        return borrowed;
    }

    private static void giveBack(List<Connection> borrowed) throws SQLException {
        for (Connection connection : borrowed) {
            connection.close();
        }
    }

    private static void awaitBackends(int count) {
        await().untilAsserted(() -> assertThat(DATABASE.backends().count()).isEqualTo(count));
    }

    @Test
    void closesIdleConnectionsBeyondANewMaximumAtOnce() throws SQLException {
        PoolHandle<DataSource> pool = POOLS.open(spec(1, 8));
        giveBack(borrow(pool, 6));
        assertThat(DATABASE.backends().count()).isGreaterThanOrEqualTo(6);

        pool.resize(1, 2);

        awaitBackends(2);
        assertThat(pool.stats().maxSize()).isEqualTo(2);
    }

    @Test
    void closesBorrowedConnectionsBeyondANewMaximumWhenTheyComeBack() throws SQLException {
        PoolHandle<DataSource> pool = POOLS.open(spec(0, 6));
        List<Connection> borrowed = borrow(pool, 6);

        pool.resize(0, 2);

        for (Connection connection : borrowed) {
            assertThat(connection.isValid(5)).isTrue();
        }
        giveBack(borrowed);
        awaitBackends(2);
        assertThat(pool.stats().total()).isEqualTo(2);
    }

    @Test
    void growsWithTheNextNeed() throws SQLException {
        PoolHandle<DataSource> pool = POOLS.open(spec(1, 1));

        pool.resize(1, 3);

        giveBack(borrow(pool, 3));
    }

    @Test
    void refusesSizesThatAreNone() {
        PoolHandle<DataSource> pool = POOLS.open(spec(1, 2));

        assertThatThrownBy(() -> pool.resize(3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("min_size");
        assertThat(pool.stats().maxSize()).isEqualTo(2);
    }

    @Test
    void evictsWhatIsIdleBeyondTheMinimum() throws SQLException {
        PoolHandle<DataSource> pool = POOLS.open(spec(1, 5));
        try (Connection held = pool.resource().getConnection()) {
            giveBack(borrow(pool, 4));

            pool.evictIdle();

            awaitBackends(2);
            assertThat(held.isValid(5)).isTrue();
        }
    }

    @Test
    void replacesEveryConnection() throws SQLException, InterruptedException {
        PoolHandle<DataSource> pool = POOLS.openWarm(spec(3, 3));
        Set<Integer> before = DATABASE.backends().pids();
        try (Connection held = pool.resource().getConnection()) {
            int pid = Pools.pid(held);

            pool.softEvict();

            assertThat(Pools.pid(held)).isEqualTo(pid);
        }
        await().untilAsserted(
                        () -> assertThat(DATABASE.backends().pids()).hasSize(3).doesNotContainAnyElementsOf(before));
    }

    @Test
    void servesWhoWaitsForAConnectionThatIsReplaced() throws SQLException {
        PoolHandle<DataSource> pool = POOLS.open(spec(0, 1));
        int pid;
        CompletableFuture<Integer> waiter;
        try (Connection held = pool.resource().getConnection()) {
            pid = Pools.pid(held);
            waiter = CompletableFuture.supplyAsync(() -> {
                try {
                    return Pools.pid(pool);
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            });
            await().untilAsserted(() -> assertThat(pool.stats().waiting()).isEqualTo(1));
            pool.softEvict();
        }

        assertThat(waiter.orTimeout(3, TimeUnit.SECONDS).join()).isNotEqualTo(pid);
    }

    @Test
    void costsNoThreadHoweverManyPoolsAreOpen() {
        Set<Thread> before = threads();
        List<PoolHandle<DataSource>> pools = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            pools.add(POOLS.open(spec(1, 2)));
        }

        // HikariCP keeps the thread that added a connection for 5 s.
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(newThreads(before)).isEmpty());

        pools.forEach(pool -> pool.close(Duration.ZERO));
        await().untilAsserted(() -> assertThat(newThreads(before)).isEmpty());
        awaitBackends(0);
    }

    @Test
    void leavesNoThreadHoweverManyPoolsWereClosed() throws InterruptedException {
        Set<Thread> before = threads();

        for (int i = 0; i < 50; i++) {
            POOLS.openWarm(spec(2, 4)).close(Duration.ZERO);
        }

        await().atMost(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(newThreads(before)).isEmpty());
        awaitBackends(0);
    }

    /** The engine's own, which are shared by all pools and started with the first. */
    private static Set<Thread> threads() {
        POOLS.open(spec(1, 1)).close(Duration.ZERO);
        return Thread.getAllStackTraces().keySet();
    }

    private static Set<Thread> newThreads(Set<Thread> before) {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeAll(before);
        threads.removeIf(thread -> thread.getName().startsWith("memfuse-opener")
                || thread.getName().startsWith("memfuse-scheduler")
                || thread.getName().startsWith("awaitility")
                || thread.getName().startsWith("ForkJoinPool")
                || thread.getName().startsWith("PostgreSQL-JDBC"));
        return threads;
    }
}
