package io.memfuse.it.seed;

import io.memfuse.config.ConfigReader;
import io.memfuse.config.MemFuse;
import io.memfuse.core.pool.PoolKey;
import io.memfuse.it.TestDatabase;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the tests of this package do with a platform on one database. */
final class Stores {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Stores() {}

    /** Starts a platform from a configuration, in which {@code %url%} stands for the whole way to the database. */
    static MemFuse start(TestDatabase database, String yaml) {
        return start(database, yaml, Map.of());
    }

    static MemFuse start(TestDatabase database, String yaml, Map<String, String> environment) {
        String text = yaml.replace("%url%", url(database, "postgresql"));
        return MemFuse.builder()
                .config(ConfigReader.create().withEnvironment(environment).read("memfuse.yaml", text))
                .start();
    }

    static String url(TestDatabase database, String scheme) {
        return url(database, scheme, database.server().host());
    }

    static String url(TestDatabase database, String scheme, String host) {
        return "%s://%s:%s@%s:%d/%s?sslmode=disable"
                .formatted(
                        scheme,
                        database.server().user(),
                        URLEncoder.encode(database.server().password(), StandardCharsets.UTF_8),
                        host,
                        database.server().port(),
                        database.name());
    }

    /** Returns the keys of all pools of a platform. */
    static List<PoolKey<?>> keys(MemFuse memfuse) {
        return memfuse.registry().snapshot().pools().stream()
                .<PoolKey<?>>map(pool -> pool.key())
                .toList();
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns the one value that the query finds on a connection of its own. */
    static String ask(DataSource source, String sql) throws SQLException {
        try (java.sql.Connection connection = source.getConnection()) {
            return ask(connection, sql);
        }
    }

    static String ask(java.sql.Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    static String ask(ConnectionFactory factory, String sql) {
        return await(Mono.usingWhen(factory.create(), connection -> answer(connection, sql), Connection::close));
    }

    static Mono<String> answer(Connection connection, String sql) {
        return Flux.from(connection.createStatement(sql).execute())
                .concatMap(result -> result.map((row, metadata) -> String.valueOf(row.get(0))))
                .single();
    }

    static <T> T await(Mono<T> value) {
        return Objects.requireNonNull(value.block(PATIENCE), "no value");
    }
}
