package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memfuse.core.pool.PoolHandle;
import io.memfuse.it.TestDatabase;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** What counts towards {@code max_queries}: what the server executes, shown by the rows that it inserts. */
@Timeout(60)
class R2dbcMaxQueriesIT {

    private static final int MAX_QUERIES = 4;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final R2dbcPools POOLS = new R2dbcPools();

    private final PoolHandle<ConnectionFactory> pool = open();

    private static PoolHandle<ConnectionFactory> open() {
        try {
            return POOLS.open(DATABASE.spec("r2dbc")
                    .limits(R2dbcPools.LIMITS.withSizes(1, 1).withMaxQueries(MAX_QUERIES)));
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts", e);
        }
    }

    @BeforeEach
    void createTable() {
        DATABASE.execute("CREATE TABLE IF NOT EXISTS executed (n int); TRUNCATE executed");
    }

    private void use(Function<Connection, Publisher<? extends Result>> executing) {
        Connection connection = Reactive.await(pool.resource().create());
        Reactive.run(Flux.from(executing.apply(connection)).concatMap(Result::getRowsUpdated));
        Reactive.run(connection.close());
    }

    private int backend() {
        return DATABASE.backends().pids().iterator().next();
    }

    /** The server executes so many, after which the connection is kept, and replaced once the limit is reached. */
    private void counts(int executions, Function<Connection, Publisher<? extends Result>> executing) {
        int backend = backend();

        use(executing);
        assertThat(DATABASE.query("SELECT count(*) FROM executed")).isEqualTo(String.valueOf(executions));
        for (int i = executions; i < MAX_QUERIES; i++) {
            assertThat(DATABASE.backends().pids()).containsExactly(backend);
            use(connection -> connection.createStatement("SELECT 1").execute());
        }

        await().untilAsserted(
                        () -> assertThat(DATABASE.backends().pids()).hasSize(1).doesNotContain(backend));
    }

    @Test
    void aStatementIsOne() {
        counts(
                1,
                connection -> connection
                        .createStatement("INSERT INTO executed VALUES (1)")
                        .execute());
    }

    @Test
    void eachSetOfBindingsIsOne() {
        counts(
                3,
                connection -> connection
                        .createStatement("INSERT INTO executed VALUES ($1)")
                        .bind(0, 1)
                        .add()
                        .bind("$1", 2)
                        .add()
                        .bindNull(0, Integer.class)
                        .execute());
    }

    @Test
    void whatIsExecutedAgainIsCountedAgain() {
        counts(2, connection -> {
            Statement insert = connection.createStatement("INSERT INTO executed VALUES (1)");
            return Flux.concat(insert.execute(), insert.execute());
        });
    }

    /** The driver executes what has no parameters once, however many sets of bindings were asked for. */
    @Test
    void setsOfNoBindingsAreOne() {
        counts(
                1,
                connection -> connection
                        .createStatement("INSERT INTO executed VALUES (1)")
                        .add()
                        .add()
                        .execute());
    }

    @Test
    void eachStatementOfABatchIsOne() {
        counts(
                3,
                connection -> connection
                        .createBatch()
                        .add("INSERT INTO executed VALUES (1)")
                        .add("INSERT INTO executed VALUES (2)")
                        .add("INSERT INTO executed VALUES (3)")
                        .execute());
    }

    /** As in JDBC: what the text holds is the server's business. */
    @Test
    void aTextOfSeveralStatementsIsOne() {
        int backend = backend();

        use(connection -> connection
                .createStatement("INSERT INTO executed VALUES (1); INSERT INTO executed VALUES (2)")
                .execute());
        use(connection -> connection.createStatement("SELECT 1").execute());
        use(connection -> connection.createStatement("SELECT 1").execute());

        assertThat(DATABASE.query("SELECT count(*) FROM executed")).isEqualTo("2");
        assertThat(DATABASE.backends().pids()).containsExactly(backend);
        use(connection -> connection.createStatement("SELECT 1").execute());
        await().untilAsserted(
                        () -> assertThat(DATABASE.backends().pids()).hasSize(1).doesNotContain(backend));
    }
}
