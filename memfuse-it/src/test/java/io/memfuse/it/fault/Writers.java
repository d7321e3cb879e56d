package io.memfuse.it.fault;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A write by each technology: an even number in a statement of its own, an odd one in a transaction. */
final class Writers {

    static final String TABLE = "CREATE TABLE written (number bigint)";

    /** Longer than any answer may take; who waited so long was never answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Writers() {}

    static Load.Writer jdbc(DataSource source) {
        return number -> {
            try (java.sql.Connection connection = source.getConnection()) {
                if (number % 2 == 0) {
                    insert(connection, number);
                } else {
                    connection.setAutoCommit(false);
                    insert(connection, number);
                    connection.commit();
                }
            }
        };
    }

    private static void insert(java.sql.Connection connection, long number) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO written VALUES (?)")) {
            insert.setLong(1, number);
            insert.execute();
        }
    }

    static Load.Writer r2dbc(ConnectionFactory factory) {
        return number -> Mono.usingWhen(
                        factory.create(),
                        connection -> write(connection, number),
                        Connection::close,
                        (connection, failure) -> connection.close(),
                        Connection::close)
                .block(PATIENCE);
    }

    private static Mono<Void> write(Connection connection, long number) {
        Mono<Void> insert = Flux.from(connection
                        .createStatement("INSERT INTO written VALUES ($1)")
                        .bind(0, number)
                        .execute())
                .concatMap(Result::getRowsUpdated)
                .then();
        return number % 2 == 0
                ? insert
                : Mono.from(connection.beginTransaction()).then(insert).then(Mono.from(connection.commitTransaction()));
    }
}
