package io.memfuse.it.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.it.TestDatabase;
import io.memfuse.services.StorageException;
import io.memfuse.services.storage.StorageService;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

class SchemaIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final EngineThreads THREADS = EngineThreads.create();

    @AfterAll
    static void close() {
        THREADS.close();
    }

    @BeforeEach
    void noSchema() {
        DATABASE.execute("drop schema if exists memfuse cascade");
    }

    private static StorageService storageOf(String user, DataSource dataSource) {
        return new UserContext(user, dataSource, THREADS).service(StorageService.class);
    }

    /** A data source of its own stands for a process of its own: both install by themselves. */
    private static PGSimpleDataSource node() {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {DATABASE.server().host()});
        source.setPortNumbers(new int[] {DATABASE.server().port()});
        source.setDatabaseName(DATABASE.name());
        source.setUser(DATABASE.server().user());
        source.setPassword(DATABASE.server().password());
        return source;
    }

    private static <T> List<T> allAtOnce(List<Callable<T>> work) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(work.size());
        try {
            var start = new CountDownLatch(1);
            List<Future<T>> futures = work.stream()
                    .map(one -> callers.submit(() -> {
                        start.await();
                        return one.call();
                    }))
                    .toList();
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void nodesThatStartTogetherDoNotCollide() throws Exception {
        List<Callable<Boolean>> nodes = IntStream.range(0, 20)
                .<Callable<Boolean>>mapToObj(i -> () -> {
                    StorageService storage = storageOf("user " + i, node());
                    storage.put("k", "1");
                    return storage.get("k").isPresent();
                })
                .toList();

        assertThat(allAtOnce(nodes)).hasSize(20).containsOnly(true);
        assertThat(DATABASE.query("select string_agg(version::text, ',') from memfuse.schema_version"))
                .isEqualTo("1");
    }

    @Test
    void isMadeOnceForManyUsersAtOnce() throws Exception {
        var connections = new AtomicInteger();
        DataSource counting = new DelegatingDataSource(node()) {
            @Override
            public Connection getConnection() throws SQLException {
                connections.incrementAndGet();
                return super.getConnection();
            }
        };
        List<Callable<StorageService>> users = IntStream.range(0, 100)
                .<Callable<StorageService>>mapToObj(i -> () -> storageOf("user " + i, counting))
                .toList();

        assertThat(allAtOnce(users)).hasSize(100);
        assertThat(connections).hasValue(1);
    }

    @Test
    void isTriedAgainAfterAFailure() {
        var down = new AtomicBoolean(true);
        DataSource failing = new DelegatingDataSource(node()) {
            @Override
            public Connection getConnection() throws SQLException {
                if (down.get()) {
                    throw new SQLException("secret", "08001");
                }
                return super.getConnection();
            }
        };

        assertThatThrownBy(() -> storageOf("alice", failing))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.retryable()).isTrue())
                .hasMessageStartingWith(
                        "[MemFuse/StorageUnavailable] storage of user 'alice': could not make the tables")
                .hasMessageNotContaining("secret");
        down.set(false);
        assertThat(storageOf("alice", failing).get("k")).isEmpty();
    }

    @Test
    void leavesNoTransactionAndNoLockOnTheConnection() throws Exception {
        try (HikariDataSource pool = TestPool.open(DATABASE, 1)) {
            storageOf("alice", pool);

            assertIdle(pool);
        }
    }

    @Test
    void leavesNothingHalfMadeWhenItFails() throws Exception {
        DATABASE.execute("create schema memfuse; create table memfuse.message (of_somebody_else int)");
        try (HikariDataSource pool = TestPool.open(DATABASE, 1)) {
            assertThatThrownBy(() -> storageOf("alice", pool))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.retryable()).isFalse())
                    .hasMessageContaining("SQLSTATE 42P07");

            assertIdle(pool);
            assertThat(DATABASE.query("select count(to_regclass('memfuse.record'))"))
                    .isEqualTo("0");
        }
    }

    private static void assertIdle(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(DATABASE.query("select string_agg(distinct state, ',') from pg_stat_activity"
                            + " where datname = current_database() and pid <> pg_backend_pid()"))
                    .isEqualTo("idle");
            assertThat(DATABASE.query("select count(*) from pg_locks where locktype = 'advisory'"
                            + " and database = (select oid from pg_database where datname = current_database())"))
                    .isEqualTo("0");
        }
    }

    @Test
    void isUsedByADatabaseUserWhoMayNotMakeIt() {
        storageOf("alice", node());
        String role = "reader_of_" + DATABASE.name();
        DATABASE.execute("create role " + role + " login password 'postgres';"
                + " grant usage on schema memfuse to " + role + ";"
                + " grant select, insert, update, delete on all tables in schema memfuse to " + role);
        try {
            PGSimpleDataSource restricted = node();
            restricted.setUser(role);
            restricted.setPassword("postgres");
            StorageService storage = storageOf("alice", restricted);
            storage.put("k", "1");

            assertThat(storage.get("k")).isPresent();
        } finally {
            DATABASE.execute("drop owned by " + role + "; drop role " + role);
        }
    }

    @Test
    void isLeftAloneWhenItIsNewerThanTheProgram() {
        storageOf("alice", node());
        DATABASE.execute("insert into memfuse.schema_version (version) values (99)");

        assertThat(storageOf("alice", node()).get("k")).isEmpty();
    }
}
