package io.memfuse.services.sql;

import io.memfuse.core.thread.Waiting;
import io.memfuse.services.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * Sees that the tables are there, once for each database of the process. Thread-safe: of many callers the first one does the
 * work and the others wait for it; a failure reaches all of these, and the next caller tries again.
 */
public final class Schemas {

    private static final Schemas SHARED = new Schemas();
    private static final Duration MAX_WAIT = Duration.ofMinutes(2);

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@link #lock}. Weak, so that a database which nobody uses any more is forgotten. */
    private final Map<DataSource, CompletableFuture<Void>> installations = new WeakHashMap<>();

    Schemas() {}

    /** Returns the one of this process: the services are made by separate factories, and share it. */
    public static Schemas shared() {
        return SHARED;
    }

    /**
     * Returns once the tables are there. Blocks.
     *
     * @param subject the service and its user, for the message
     * @throws StorageException if they cannot be made
     */
    public void require(DataSource dataSource, String subject) throws InterruptedException {
        var mine = new CompletableFuture<Void>();
        CompletableFuture<Void> installation = join(dataSource, mine);
        if (installation == mine) {
            install(dataSource, mine);
        }
        await(installation, subject);
    }

    private CompletableFuture<Void> join(DataSource dataSource, CompletableFuture<Void> mine) {
        lock.lock();
        try {
            return Objects.requireNonNullElse(installations.putIfAbsent(dataSource, mine), mine);
        } finally {
            lock.unlock();
        }
    }

    private void forget(DataSource dataSource) {
        lock.lock();
        try {
            installations.remove(dataSource);
        } finally {
            lock.unlock();
        }
    }

    private void install(DataSource dataSource, CompletableFuture<Void> mine) {
        try (Connection connection = dataSource.getConnection()) {
            Schema.install(connection);
            mine.complete(null);
        } catch (SQLException | RuntimeException | Error failure) {
            // Forgotten before it is told, so that whoever hears of it can try again at once.
            forget(dataSource);
            mine.completeExceptionally(failure);
        }
    }

    private static void await(CompletableFuture<Void> installation, String subject) throws InterruptedException {
        String operation = "make the tables";
        try {
            Waiting.get(installation, MAX_WAIT);
        } catch (ExecutionException e) {
            throw SqlFailures.translate(Objects.requireNonNull(e.getCause()), subject, operation);
        } catch (TimeoutException e) {
            throw new StorageException(StorageException.Code.UNAVAILABLE, subject, operation, e);
        }
    }
}
