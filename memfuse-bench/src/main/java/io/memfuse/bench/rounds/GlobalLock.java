package io.memfuse.bench.rounds;

import io.memfuse.bench.peer.Database;
import io.memfuse.bench.peer.OpenPool;
import io.memfuse.bench.peer.Peers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/** What MemFuse was made to replace: one lock for all pools, under which a pool is checked, or opened. Thread-safe. */
final class GlobalLock implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final OpenPool pool;

    GlobalLock(Database database, int size) throws SQLException {
        pool = Peers.open("hikari", database, size, size);
    }

    /** Returns the pool once it has been seen to work. */
    OpenPool get() throws SQLException {
        lock.lock();
        try (Connection connection = pool.borrow()) {
            Question.ask(connection);
            return pool;
        } finally {
            lock.unlock();
        }
    }

    /** Tries to open the pool of a server that does not answer, until {@code timeoutMillis} have passed. */
    void open(SilentServer server, int timeoutMillis) {
        lock.lock();
        try {
            server.waitForAnswer(timeoutMillis);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws SQLException {
        pool.close();
    }
}
