package io.memfuse.core.testing;

import io.memfuse.core.pool.PoolProvider;
import io.memfuse.core.pool.PoolSpec;
import java.time.Duration;
import java.util.Set;

/**
 * What {@link PoolProviderContract} needs to know of a technology, and of the server that it is tried on. An adapter's test
 * implements it in a page.
 *
 * @param <R> what callers use of a pool
 */
public interface PoolUnderTest<R> {

    /** A connection in the hands of a borrower. Each method blocks; what they throw is the technology's own exception. */
    interface Borrowed extends AutoCloseable {

        /** Executes statements, with nothing but SQL. */
        void execute(String sql) throws Exception;

        /** Returns the one value of the one row that a query finds. */
        String query(String sql) throws Exception;

        /** Begins a transaction by the technology's own means. */
        void begin() throws Exception;

        /** Sets a savepoint by the technology's own means, which begins a transaction where that is possible. */
        void savepoint(String name) throws Exception;

        /** Makes the session's transactions serializable by the technology's own means. */
        void beSerializable() throws Exception;

        /** Begins a serializable transaction by the technology's own means. */
        void beginSerializable() throws Exception;

        /** Gives it back; fails with an unchecked exception. */
        @Override
        void close();
    }

    /** Returns the provider. */
    PoolProvider<R> provider();

    /** Starts a spec of a database that is there, that nobody else uses, and whose user may do everything. */
    PoolSpec.Builder spec();

    /** Borrows a connection, blocking; throws the technology's own exception. */
    Borrowed borrow(R resource) throws Exception;

    /** Returns what the technology throws when borrowing or executing fails. */
    Class<? extends Exception> exceptionType();

    /** Returns the server processes of the connections to that database, by the server's own account. */
    Set<Integer> backends();

    /** Ends a connection from the server's side. */
    void terminate(int backend);

    /** Returns the one value that a query finds in that database, through no pool. */
    String query(String sql);

    /** Executes statements in that database, through no pool. */
    void execute(String sql);

    /** Returns the shortest time but zero that the adapter accepts for {@code max_inactive_connection_lifetime}. */
    Duration shortestInactiveLifetime();

    /**
     * Returns a time that the adapter accepts for {@code max_connection_lifetime}, and in which three connections are made; it passes ten
     * times as fast, by the ticker and scheduler of the pool's context.
     */
    Duration shortestLifetime();
}
