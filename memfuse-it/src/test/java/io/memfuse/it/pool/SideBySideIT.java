package io.memfuse.it.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.Binder;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.name.Names;
import io.memfuse.config.MemFuse;
import io.memfuse.config.MemFuseModule;
import io.memfuse.core.pool.FailureKind;
import io.memfuse.core.pool.PoolConfigurationException;
import io.memfuse.core.pool.PoolOpenException;
import io.memfuse.it.TestDatabase;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** One database, used through JDBC and through R2DBC at once: one registry, one file. */
@Timeout(60)
class SideBySideIT {

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    private MemFuse start(String more) throws IOException {
        var server = DATABASE.server();
        String entry = """
                    - name: %s
                      provider: %s
                      host: %s
                      port: %d
                      database: %s
                      user: %s
                      password: "%s"
                      min_size: 2
                      max_size: 4
                """;
        return MemFuse.start(Files.writeString(
                folder.resolve("memfuse.yaml"),
                "connection_pool:\n  warmup_configs:\n"
                        + entry.formatted(
                                "blocking",
                                "hikari",
                                server.host(),
                                server.port(),
                                DATABASE.name(),
                                server.user(),
                                server.password())
                        + entry.formatted(
                                "reactive",
                                "r2dbc",
                                server.host(),
                                server.port(),
                                DATABASE.name(),
                                server.user(),
                                server.password())
                        + more));
    }

    @Test
    void eachIsBoundInAnInjectorAsWhatItsProviderOffers() throws IOException, SQLException {
        Path file;
        try (MemFuse other = start("")) {
            file = folder.resolve("memfuse.yaml");
            assertThat(other.report().allWell()).isTrue();
        }
        Injector injector = Guice.createInjector(
                new MemFuseModule(file), Binder::requireExplicitBindings, Binder::requireExactBindingAnnotations);
        DataSource blocking = injector.getInstance(Key.get(DataSource.class, Names.named("blocking")));
        ConnectionFactory reactive = injector.getInstance(Key.get(ConnectionFactory.class, Names.named("reactive")));

        assertThat(injector.getExistingBinding(Key.get(ConnectionFactory.class, Names.named("blocking"))))
                .isNull();
        assertThat(injector.getExistingBinding(Key.get(DataSource.class, Names.named("reactive"))))
                .isNull();
        try (MemFuse memfuse = injector.getInstance(MemFuse.class).start();
                java.sql.Connection connection = blocking.getConnection()) {
            assertThat(connection.isValid(5)).isTrue();
            assertThat(memfuse.report().allWell()).isTrue();
            assertThat(Mono.usingWhen(
                                    reactive.create(),
                                    lent -> Mono.just(lent.getMetadata().getDatabaseProductName()),
                                    Connection::close)
                            .block())
                    .isEqualTo("PostgreSQL");
        }
    }

    @Test
    void bothAreWarmedAndServe() throws IOException, SQLException {
        try (MemFuse memfuse = start("")) {
            assertThat(memfuse.report().pools())
                    .extracting(entry -> entry.connections())
                    .containsExactly(2, 2);
            ConnectionFactory reactive = memfuse.connectionFactory("reactive");

            try (java.sql.Connection blocking = memfuse.dataSource("blocking").getConnection()) {
                int one = Pools.pid(blocking);
                int other = Reactive.await(Mono.usingWhen(reactive.create(), Reactive::pid, Connection::close));

                assertThat(one).isNotEqualTo(other);
                // HikariCP keeps two idle beside the one that is lent, once it has looked.
                assertThat(DATABASE.backends().pids()).hasSizeBetween(4, 5).contains(one, other);
            }
        }
        assertThat(DATABASE.backends().all()).isEmpty();
    }

    @Test
    void eachIsAskedForByItsOwnName() throws IOException {
        try (MemFuse memfuse = start("")) {
            assertThatThrownBy(() -> memfuse.connectionFactory("blocking"))
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("offers a javax.sql.DataSource, not a io.r2dbc.spi.ConnectionFactory");
            assertThatThrownBy(() -> memfuse.dataSource("reactive"))
                    .isInstanceOf(PoolConfigurationException.class)
                    .hasMessageContaining("offers a io.r2dbc.spi.ConnectionFactory, not a javax.sql.DataSource");
        }
    }

    @Test
    void anOptionOfJdbcIsAMisconfigurationOfThatPoolAlone() throws IOException {
        try (MemFuse memfuse = start("      server_settings: {prepareThreshold: '0'}\n")) {
            assertThat(memfuse.report().pools().get(0).failure()).isNull();
            assertThat(memfuse.report().pools().get(1).failure())
                    .isInstanceOfSatisfying(
                            PoolOpenException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.MISCONFIGURED))
                    .hasMessageContaining("prepareThreshold");
        }
    }

    @Test
    void evictingThePoolIsNotNoticedByWhoKeepsTheFactory() throws IOException {
        try (MemFuse memfuse = start("")) {
            ConnectionFactory reactive = memfuse.connectionFactory("reactive");
            var key = memfuse.report().pools().get(1).key();
            int before = Reactive.await(Mono.usingWhen(reactive.create(), Reactive::pid, Connection::close));

            memfuse.registry().evict(key).toCompletableFuture().join();

            assertThat(Reactive.await(Mono.usingWhen(reactive.create(), Reactive::pid, Connection::close)))
                    .isNotEqualTo(before);
        }
    }
}
