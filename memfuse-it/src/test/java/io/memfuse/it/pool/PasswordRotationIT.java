package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memfuse.config.MemFuse;
import io.memfuse.it.TestDatabase;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A password that is changed on the server while a platform runs, in both adapters. */
@Timeout(60)
class PasswordRotationIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final String USER = "rotating";

    @TempDir
    Path folder;

    private Path secret = Path.of("");

    @BeforeAll
    static void addUser() {
        DATABASE.execute("CREATE ROLE " + USER + " LOGIN");
    }

    @AfterAll
    static void dropUser() {
        DATABASE.execute("DROP ROLE " + USER);
    }

    @BeforeEach
    void begin() throws IOException {
        secret = folder.resolve("secret");
        setOnServer("first");
        Files.writeString(secret, "first");
    }

    private static void setOnServer(String password) {
        DATABASE.execute("ALTER ROLE " + USER + " PASSWORD '" + password + "'");
    }

    private MemFuse start(String provider) throws IOException {
        return start(provider, "5s");
    }

    private MemFuse start(String provider, String timeout) throws IOException {
        return MemFuse.start(Files.writeString(folder.resolve("memfuse.yaml"), """
                databases:
                  orders:
                    provider: %s
                    host: %s
                    port: %d
                    database: %s
                    user: %s
                    password: ${file:%s}
                    min_size: 1
                    max_size: 2
                    timeout: %s
                connection_pool: {warmup_configs: [orders]}
                """.formatted(
                provider, DATABASE.server().host(), DATABASE.server().port(), DATABASE.name(), USER, secret, timeout)));
    }

    @Test
    void needsNoRestartThroughJdbc() throws IOException, SQLException {
        try (MemFuse memfuse = start("hikari")) {
            DataSource orders = memfuse.dataSource("orders");
            try (java.sql.Connection first = orders.getConnection()) {
                setOnServer("second");
                Files.writeString(secret, "second");

                try (java.sql.Connection second = orders.getConnection()) {
                    assertThat(Pools.pid(second)).isNotEqualTo(Pools.pid(first));
                }
            }
        }
    }

    @Test
    void needsNoRestartThroughR2dbc() throws IOException {
        try (MemFuse memfuse = start("r2dbc")) {
            ConnectionFactory orders = memfuse.connectionFactory("orders");
            int[] pids = new int[2];
            Reactive.await(Mono.usingWhen(
                    orders.create(),
                    first -> Reactive.pid(first)
                            .doOnNext(pid -> pids[0] = pid)
                            .then(Mono.fromCallable(() -> {
                                        setOnServer("second");
                                        return Files.writeString(secret, "second");
                                    })
                                    .subscribeOn(Schedulers.boundedElastic()))
                            .then(Mono.usingWhen(orders.create(), Reactive::pid, Connection::close))
                            .doOnNext(pid -> pids[1] = pid),
                    Connection::close));

            assertThat(pids[0]).isPositive().isNotEqualTo(pids[1]);
            assertThat(pids[1]).isPositive();
        }
    }

    /** Without another password to be had, the refusal is what the caller is told. */
    @Test
    void isRefusedWhileThereIsNoOtherPassword() throws IOException, SQLException {
        try (MemFuse memfuse = start("hikari", "2s")) {
            DataSource orders = memfuse.dataSource("orders");
            try (java.sql.Connection first = orders.getConnection()) {
                assertThat(Pools.pid(first)).isPositive();
                setOnServer("second");

                assertThatThrownBy(orders::getConnection)
                        .isInstanceOf(SQLException.class)
                        .hasStackTraceContaining("password authentication failed");
            }
        }
        setOnServer("first");
        try (MemFuse memfuse = start("r2dbc", "2s")) {
            ConnectionFactory orders = memfuse.connectionFactory("orders");
            Mono<Integer> second = Mono.usingWhen(orders.create(), Reactive::pid, Connection::close);
            setOnServer("third");

            assertThatThrownBy(() -> Reactive.await(
                            Mono.usingWhen(orders.create(), first -> second.thenReturn(first), Connection::close)))
                    .hasStackTraceContaining("password authentication failed");
        }
    }
}
