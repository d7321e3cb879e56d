package io.memfuse.it.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.config.MemFuse;
import io.memfuse.it.Backends.Backend;
import io.memfuse.it.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Twenty reloads of every kind while 64 threads make transactions of several statements: none of them fails. */
@Timeout(300)
class ReloadUnderLoadIT {

    @RegisterExtension
    static final TestDatabase FIRST = new TestDatabase();

    @RegisterExtension
    static final TestDatabase SECOND = new TestDatabase();

    private static final int THREADS = 64;

    /** How many transactions each thread has made, on average, from one reload to the next. */
    private static final int BETWEEN = 6;

    @TempDir
    Path folder;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong numbers = new AtomicLong();
    private final Queue<SQLException> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void prepare() {
        Scene.prepare(FIRST, SECOND);
    }

    @AfterAll
    static void clean() {
        Scene.clean(FIRST, SECOND);
    }

    @Test
    void failsNoRequest() throws Exception {
        var scene = new Scene(FIRST, SECOND, folder, "hikari");
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> users = new ArrayList<>();
        Reloads reloads;
        try (MemFuse memfuse = MemFuse.start(scene.write())) {
            DataSource orders = memfuse.dataSource("orders");
            DataSource stock = memfuse.dataSource("stock");
            for (int i = 0; i < THREADS; i++) {
                DataSource mine = i % 4 == 0 ? stock : orders;
                users.add(threads.submit(() -> transactAgainAndAgain(mine)));
            }
            reloads = new Reloads(scene, memfuse, FIRST, SECOND);
            reloads.ofEveryKind(this::letThemWork);
            reloads.ofEveryKind(this::letThemWork);
            over.set(true);
            for (Future<?> user : users) {
                user.get(60, TimeUnit.SECONDS);
            }
            await().atMost(Duration.ofSeconds(10)).untilAsserted(scene::backendsAreAsConfigured);
            assertThat(memfuse.registry().snapshot().pools())
                    .as("nothing is left registered")
                    .hasSize(2);
            memfuse.registry()
                    .snapshot()
                    .pools()
                    .forEach(pool -> assertThat(pool.stats().active()).isZero());
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        print(reloads);
        assertThat(failures).as("failed requests").isEmpty();
        assertThat(reloads.count()).isEqualTo(20);
        assertThat(scene.transactions()).isEqualTo(numbers.get());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(leftBehind()).isEmpty());
    }

    private void letThemWork() {
        long before = numbers.get();
        await().atMost(Duration.ofSeconds(30)).until(() -> numbers.get() > before + BETWEEN * THREADS);
    }

    private void transactAgainAndAgain(DataSource source) {
        while (!over.get()) {
            long number = numbers.incrementAndGet();
            long startNanos = System.nanoTime();
            try {
                transact(source, number);
            } catch (SQLException e) {
                failures.add(e);
            }
            latencies.add(System.nanoTime() - startNanos);
        }
    }

    private static void transact(DataSource source, long number) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, number, 1, 100);
            insert(connection, number, 2, -100);
            try (PreparedStatement sum =
                    connection.prepareStatement("SELECT sum(amount) FROM ledger WHERE transaction = ?")) {
                sum.setLong(1, number);
                var row = sum.executeQuery();
                row.next();
                if (row.getInt(1) != 0) {
                    throw new SQLException("half a transaction");
                }
            }
            connection.commit();
        }
    }

    private static void insert(Connection connection, long number, int leg, int amount) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger VALUES (?, ?, ?)")) {
            insert.setLong(1, number);
            insert.setInt(2, leg);
            insert.setInt(3, amount);
            insert.executeUpdate();
        }
    }

    private static List<Backend> leftBehind() {
        List<Backend> all = new ArrayList<>(FIRST.backends().all());
        all.addAll(SECOND.backends().all());
        return all;
    }

    private void print(Reloads reloads) {
        List<Long> sorted = new ArrayList<>(latencies);
        Collections.sort(sorted);
        System.out.printf(
                "ReloadUnderLoadIT: %d transactions on %d threads, %d reloads (the longest %d ms), %d failed;"
                        + " p50 %d ms, p99 %d ms, longest %d ms%n",
                sorted.size(),
                THREADS,
                reloads.count(),
                reloads.longest().toMillis(),
                failures.size(),
                millis(sorted, 0.5),
                millis(sorted, 0.99),
                millis(sorted, 1));
        failures.stream().limit(3).forEach(failure -> System.out.println("failed: " + failure));
    }

    private static long millis(List<Long> sorted, double part) {
        return TimeUnit.NANOSECONDS.toMillis(sorted.get((int) ((sorted.size() - 1) * part)));
    }
}
