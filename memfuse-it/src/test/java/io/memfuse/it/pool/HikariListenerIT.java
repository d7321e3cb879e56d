package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolHandle;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.core.pool.PoolListener;
import io.memfuse.core.registry.PoolRegistry;
import io.memfuse.it.TestDatabase;
import io.memfuse.pool.hikari.HikariPoolProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a listener is told of the connections of a pool. */
class HikariListenerIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final Pools POOLS = new Pools();

    private static final class Recorder implements PoolListener {

        @Override
        public int timesOneIn() {
            return 1;
        }

        final List<String> events = new CopyOnWriteArrayList<>();
        final List<Long> nanos = new CopyOnWriteArrayList<>();

        private void record(String event, long eventNanos) {
            events.add(event);
            nanos.add(eventNanos);
        }

        @Override
        public void connected(PoolKey<?> key, long tookNanos) {
            record("connected", tookNanos);
        }

        @Override
        public void acquired(PoolKey<?> key, long waitedNanos) {
            record("acquired", waitedNanos);
        }

        @Override
        public void released(PoolKey<?> key, long heldNanos) {
            record("released", heldNanos);
        }

        @Override
        public void timedOut(PoolKey<?> key, long waitedNanos) {
            record("timedOut", waitedNanos);
        }
    }

    private final Recorder recorder = new Recorder();

    private PoolHandle<DataSource> open(PoolListener listener) {
        return POOLS.open(
                DATABASE.spec().limits(Pools.LIMITS.withSizes(0, 1).withTimeout(Duration.ofMillis(300))), listener);
    }

    @Test
    void hearsOfEachLoanOnce() throws SQLException {
        PoolHandle<DataSource> pool = open(recorder);
        try (Connection connection = pool.resource().getConnection()) {
            Pools.execute(connection, "SELECT pg_sleep(0.02)");
        }

        assertThat(recorder.events).containsExactly("connected", "acquired", "released");
        assertThat(recorder.nanos).allMatch(nanos -> nanos > 0 && nanos < TimeUnit.MINUTES.toNanos(1));
        assertThat(recorder.nanos.get(2)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void hearsOfATimeOutAndOfNoAcquisition() throws SQLException {
        PoolHandle<DataSource> pool = open(recorder);
        try (Connection connection = pool.resource().getConnection()) {
            assertThat(connection.isValid(5)).isTrue();
            assertThatThrownBy(pool.resource()::getConnection).isInstanceOf(SQLException.class);
        }

        assertThat(recorder.events).containsExactly("connected", "acquired", "timedOut", "released");
        assertThat(recorder.nanos.get(2)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(290));
    }

    @Test
    void hearsOfALoanThatEndsWithTheConnection() throws SQLException {
        PoolHandle<DataSource> pool = open(recorder);
        try (Connection connection = pool.resource().getConnection()) {
            pool.softEvict();
            assertThat(connection.isValid(5)).isTrue();
        }

        await().untilAsserted(() -> assertThat(recorder.events).containsExactly("connected", "acquired", "released"));
    }

    @Test
    void reachesNobodyWithWhatItThrows() throws SQLException {
        PoolListener throwing = new PoolListener() {
            @Override
            public int timesOneIn() {
                return 1;
            }

            @Override
            public void connected(PoolKey<?> key, long tookNanos) {
                throw new IllegalStateException("thrown on purpose by a listener");
            }

            @Override
            public void acquired(PoolKey<?> key, long waitedNanos) {
                throw new IllegalStateException("thrown on purpose by a listener");
            }

            @Override
            public void released(PoolKey<?> key, long heldNanos) {
                throw new IllegalStateException("thrown on purpose by a listener");
            }
        };
        try (PoolRegistry registry = PoolRegistry.builder()
                .provider(new HikariPoolProvider())
                .listener(throwing)
                .build()) {
            DataSource source = registry.durable(registry.register(
                    DATABASE.spec().limits(Pools.LIMITS.withSizes(0, 1)).build(), DataSource.class));

            assertThat(pid(source)).isEqualTo(pid(source));
        }
    }

    private static int pid(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return Pools.pid(connection);
        }
    }
}
