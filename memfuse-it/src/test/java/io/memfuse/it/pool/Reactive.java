package io.memfuse.it.pool;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What tests do with reactive connections. */
final class Reactive {

    /** Longer than anything takes that is to end; tests fail by it and never pass. */
    private static final Duration PATIENCE = Duration.ofSeconds(75);

    private Reactive() {}

    /** Returns the one value. */
    static <T> T await(Publisher<? extends T> publisher) {
        return Objects.requireNonNull(Mono.<T>from(publisher).block(PATIENCE), "no value");
    }

    /** Waits for the end. */
    static void run(Publisher<?> publisher) {
        Flux.from(publisher).then().block(PATIENCE);
    }

    /** Executes statements and reads their results to the end. */
    static Mono<Void> execute(Connection connection, String sql) {
        return Flux.from(connection.createStatement(sql).execute())
                .concatMap(Result::getRowsUpdated)
                .then();
    }

    /** Returns the one value that the query finds. */
    static Mono<String> query(Connection connection, String sql) {
        return Flux.from(connection.createStatement(sql).execute())
                .concatMap(result -> result.map((row, metadata) -> String.valueOf(row.get(0))))
                .single();
    }

    static Mono<Integer> pid(Connection connection) {
        return query(connection, "SELECT pg_backend_pid()").map(Integer::valueOf);
    }
}
