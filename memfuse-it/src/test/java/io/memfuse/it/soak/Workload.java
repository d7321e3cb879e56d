package io.memfuse.it.soak;

import io.memfuse.config.MemFuse;
import io.memfuse.core.time.Deadline;
import io.memfuse.core.time.Ticker;
import io.memfuse.services.memory.MemoryService;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Callers at a steady pace: transactions through JDBC and R2DBC, and users, of whom new ones come all the time. Thread-safe.
 */
final class Workload implements AutoCloseable {

    static final String TABLE = "CREATE TABLE soaked (number bigint)";

    private static final int CALLERS = 4;
    private static final Duration PACE = Duration.ofMillis(25);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final List<Thread> callers = new ArrayList<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong users = new AtomicLong();
    private final LongConsumer onAcknowledged;
    private volatile boolean over;
    private volatile boolean paused;

    /** @param onAcknowledged is told the number of each transaction that the database has acknowledged, on the caller's thread */
    Workload(LongConsumer onAcknowledged) {
        this.onAcknowledged = onAcknowledged;
    }

    void jdbc(DataSource source) {
        start(() -> write(source, numbers.incrementAndGet()));
    }

    void r2dbc(ConnectionFactory factory) {
        start(() -> write(factory, numbers.incrementAndGet()));
    }

    /** Every fourth request is of a user who was never there before. */
    void users(MemFuse memfuse) {
        start(() -> {
            long number = users.incrementAndGet();
            String user = number % 4 == 0 ? "user-" + number : "user-" + number % 50;
            memfuse.services().get(user, MemoryService.class);
            return null;
        });
    }

    private void start(Callable<?> request) {
        for (int i = 0; i < CALLERS; i++) {
            var caller = new Thread(() -> work(request), "soak-" + callers.size());
            caller.setDaemon(true);
            callers.add(caller);
            caller.start();
        }
    }

    private void work(Callable<?> request) {
        while (!over) {
            try {
                TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
                if (!paused) {
                    Object number = request.call();
                    acknowledged.incrementAndGet();
                    if (number instanceof Long written) {
                        onAcknowledged.accept(written);
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                failed.incrementAndGet();
            }
        }
    }

    private static Long write(DataSource source, long number) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO soaked VALUES (?)")) {
                insert.setLong(1, number);
                insert.execute();
            }
            connection.commit();
            return number;
        }
    }

    private static Long write(ConnectionFactory factory, long number) {
        Mono.usingWhen(
                        factory.create(),
                        connection -> Mono.from(connection.beginTransaction())
                                .then(Flux.from(connection
                                                .createStatement("INSERT INTO soaked VALUES ($1)")
                                                .bind(0, number)
                                                .execute())
                                        .concatMap(Result::getRowsUpdated)
                                        .then())
                                .then(Mono.from(connection.commitTransaction())),
                        io.r2dbc.spi.Connection::close,
                        (connection, failure) -> connection.close(),
                        io.r2dbc.spi.Connection::close)
                .block(ANSWER);
        return number;
    }

    /** Returns how many requests were answered as they should. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Returns how many ended in an error. */
    long failed() {
        return failed.get();
    }

    /** Returns how many users there have been. */
    long users() {
        return users.get() / 4 + 50;
    }

    /** Has nobody begin anything any more. */
    void pause() {
        paused = true;
    }

    /** Returns when every caller has had his last answer. */
    @Override
    public void close() {
        over = true;
        Deadline deadline = Deadline.after(ANSWER, Ticker.system());
        try {
            for (Thread caller : callers) {
                caller.join(Math.max(1, deadline.remainingNanos() / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
