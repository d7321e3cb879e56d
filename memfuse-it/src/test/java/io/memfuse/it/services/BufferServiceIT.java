package io.memfuse.it.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.memfuse.core.service.ServiceCache;
import io.memfuse.core.service.ServiceFactory;
import io.memfuse.core.thread.EngineThreads;
import io.memfuse.it.TestDatabase;
import io.memfuse.services.buffer.BufferChannel;
import io.memfuse.services.buffer.BufferService;
import io.memfuse.services.buffer.BufferSink;
import io.memfuse.services.buffer.RefusedRecordException;
import io.memfuse.services.memory.MemoryService;
import io.memfuse.services.memory.Message;
import io.memfuse.services.storage.StorageService;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The buffer with a table of the caller's own, and all three services in the cache of the platform. */
class BufferServiceIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final EngineThreads THREADS = EngineThreads.create();
    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        pool = TestPool.open(DATABASE, 5);
    }

    @AfterAll
    static void close() {
        pool.close();
        THREADS.close();
    }

    @BeforeEach
    void table() {
        DATABASE.execute("drop table if exists click; create table click ("
                + "id uuid primary key, position int not null check (position <> 13), serial bigserial)");
    }

    private record Click(UUID id, int position) {

        static Click at(int position) {
            return new Click(UUID.randomUUID(), position);
        }
    }

    /** As a user would write one, in plain JDBC. */
    private static final class ClickSink implements BufferSink<Click> {

        final Queue<Click> refused = new ConcurrentLinkedQueue<>();

        @Override
        public void write(List<Click> clicks) throws Exception {
            try (Connection connection = pool.getConnection();
                    PreparedStatement insert = connection.prepareStatement(
                            "insert into click (id, position) values (?, ?) on conflict (id) do nothing")) {
                connection.setAutoCommit(false);
                for (Click click : clicks) {
                    insert.setObject(1, click.id());
                    insert.setInt(2, click.position());
                    insert.addBatch();
                }
                insert.executeBatch();
                connection.commit();
            } catch (SQLException e) {
                if ("23514".equals(e.getSQLState())) {
                    throw new RefusedRecordException(e);
                }
                throw e;
            }
        }

        @Override
        public void refused(Click click, RefusedRecordException why) {
            refused.add(click);
        }
    }

    @Test
    void aRecordThatTheServerRefusesStopsNoOther() throws Exception {
        var sink = new ClickSink();
        try (var user = new UserContext("alice", pool, THREADS)) {
            BufferChannel<Click> clicks = user.service(BufferService.class).open("clicks", sink);
            for (int position = 0; position < 250; position++) {
                clicks.accept(Click.at(position));
            }
        }

        assertThat(sink.refused).extracting(Click::position).containsExactly(13);
        assertThat(DATABASE.query("select count(*) from click")).isEqualTo("249");
        assertThat(DATABASE.query("select bool_and(ok) from"
                        + " (select position > coalesce(lag(position) over (order by serial), -1) as ok from click) t"))
                .isEqualTo("t");
    }

    @Test
    void backendsKilledAgainAndAgainLoseAndDoubleNothing() throws Exception {
        var sink = new ClickSink();
        int killed = 0;
        try (var user = new UserContext("alice", pool, THREADS)) {
            BufferChannel<Click> clicks = user.service(BufferService.class).open("clicks", sink);
            for (int position = 100; position < 2_100; position++) {
                clicks.accept(Click.at(position));
                if (position % 200 == 0) {
                    killed += Integer.parseInt(
                            DATABASE.query("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                                    + " where datname = current_database() and pid <> pg_backend_pid()"));
                }
            }
            await().until(() -> clicks.stats().waiting() == 0);
        }

        assertThat(killed).isPositive();
        assertThat(sink.refused).isEmpty();
        assertThat(DATABASE.query("select count(*) || ' ' || count(distinct position) from click"))
                .isEqualTo("2000 2000");
    }

    @Test
    void theCacheMakesAllThreeAndClosesMemoryBeforeItsBuffer() throws Exception {
        List<ServiceFactory<?>> factories = new ArrayList<>();
        ServiceLoader.load(ServiceFactory.class).forEach(factories::add);
        try (var cache = ServiceCache.builder()
                .factories(factories)
                .threads(THREADS)
                .resources(BufferServiceIT::resource)
                .build()) {
            Message message = cache.get("alice", MemoryService.class).append("user", "hello");
            cache.get("alice", StorageService.class).put("last", "\"" + message.id() + "\"");
            assertThat(cache.get("alice", MemoryService.class).get(message.id()))
                    .contains(message);
            cache.evict("alice").toCompletableFuture().join();

            assertThat(DATABASE.query("select count(*) from memfuse.message where user_id = 'alice'"))
                    .isEqualTo("1");
            assertThat(cache.get("alice", MemoryService.class).recent(1)).containsExactly(message);
            assertThat(cache.get("bob", MemoryService.class).recent(1)).isEmpty();
        }
    }

    private static <R> R resource(String user, Class<R> type) {
        return type.cast(pool);
    }
}
